import { type ErrorRecord, errorRecordSchema } from '../contract/outcome.ts';
import { fromUnknown, type OptioError } from '../errors.ts';
import { COMMAND } from './command.ts';
import { flagOf } from './flags/run-flags.ts';
import type { Outlet } from './outlet.ts';
import type { Screen } from './terminal/screen.ts';
import { type Style, styleFor } from './terminal/style.ts';
import { jsonLine, printable } from './terminal/text.ts';

/** Tells why nothing could be done: to a person, or to a program as one line of JSON. */
export function tellError(error: ErrorRecord, complaints: Outlet, { isJson = false }: { isJson?: boolean } = {}): void {
  if (isJson) {
    complaints.write(jsonLine({ error }));
    return;
  }
  const style = styleFor({ isTTY: complaints.isTerminal });
  complaints.write(`${style.bad('error:')} ${linesOfError(error, style).join('\n')}\n`);
}

/** Tells on the screen of a run what could not be done, while the run goes on. */
export function tellProblem(thrown: unknown, screen: Screen, style: Style, what = ''): void {
  const { message, remedy } = fromUnknown(thrown);
  screen.block(`${what}${printable(message)}`, { indent: '  ', first: '! ', look: style.warn });
  if (remedy) screen.block(printable(asCalled(remedy)), { indent: '  ', look: style.quiet });
}

/** What is told of an error, without what only a program that has caught it could use. */
export function recordOf({ code, message, details }: OptioError): ErrorRecord {
  return errorRecordSchema.parse({ ...details, code, message });
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
    ...(remedy ? printable(asCalled(remedy)).split('\n') : []).map((line) => `  ${line}`),
    style.quiet(flag ? `  (${code}: ${flag})` : `  (${code})`),
  ];
}

/** Where there is no `optio-codex` on the path, as in a clone, nobody could type what a remedy says. */
function asCalled(remedy: string): string {
  return remedy.replace(/\boptio-codex (?=(?:serve|stop|token|doctor|attach|ps|launch|run)\b)/g, `${COMMAND} `);
}

/** Whoever typed a flag has never seen the field that it fills. */
function underFlag(message: string, field: string, flag: string): string {
  return message.startsWith(`${field}: `) ? flag + message.slice(field.length) : message;
}
