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
  const { stderr, remedy, code, field } = error;
  const flag = field && flagOf(field);
  const message = printable(flag ? underFlag(error.message, field, flag) : error.message);
  const lastWords = printable(stderr ?? '').trimEnd();
  return [
    ...message.split('\n'),
    // A message may quote them already.
    ...(message.includes(lastWords) ? [] : lastWords.split('\n')).map((line) => style.quiet(`  │ ${line}`)),
    ...(remedy ? [`  ${printable(remedy)}`] : []),
    style.quiet(flag ? `  (${code}: ${flag})` : `  (${code})`),
  ];
}

/** Whoever typed a flag has never seen the field that it fills. */
function underFlag(message: string, field: string, flag: string): string {
  return message.startsWith(`${field}: `) ? flag + message.slice(field.length) : message;
}
