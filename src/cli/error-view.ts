import type { ErrorRecord } from '../contract/outcome.ts';
import { flagOf } from './flags.ts';
import type { Outlet } from './outlet.ts';
import { type Style, styleFor } from './style.ts';
import { printable } from './text.ts';

/** Tells why nothing could be done. */
export function tellError(error: ErrorRecord, complaints: Outlet): void {
  const style = styleFor({ isTTY: complaints.isTerminal });
  complaints.write(`${style.bad('error:')} ${linesOfError(error, style).join('\n')}\n`);
}

/** The lines that tell an error: what happened, the last words of a process that was involved, what to do, the code. */
export function linesOfError(error: ErrorRecord, style: Style): string[] {
  const { message, stderr, remedy, code, field } = error;
  const flag = field && flagOf(field);
  return [
    ...printable(message).split('\n'),
    ...(stderr ? printable(stderr).trimEnd().split('\n') : []).map((line) => style.quiet(`  │ ${line}`)),
    ...(remedy ? [`  ${printable(remedy)}`] : []),
    style.quiet(flag ? `  (${code}: ${flag})` : `  (${code})`),
  ];
}
