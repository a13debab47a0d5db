import { stripVTControlCharacters } from 'node:util';
import type { Reporter, SerializedError, TestModule } from 'vitest/node';

/** How much of each part is shown, in characters: what was expected, and what was there instead. */
const LENGTH = 1_000;

/** Says at the very end what failed, and why: of the output of a long run the end is what is looked at first. */
export class Failures implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    for (const module of modules) {
      for (const error of module.errors()) tell(module.relativeModuleId, error);
      for (const test of module.children.allTests('failed')) {
        tell(`${module.relativeModuleId} › ${test.fullName}`, test.result().errors?.[0]);
      }
    }
    for (const error of unhandled) tell('an error that nobody handled', error);
  }
}

/** The first cause comes last: a message may be a long story, and what ended it is what one looks for. */
function tell(what: string, error: SerializedError | undefined): void {
  const parts = reasons(error).map((reason) => stripVTControlCharacters(reason).slice(0, LENGTH));
  process.stderr.write(`\nfailed: ${what}\n${parts.join('\ncaused by: ')}\n`);
}

function reasons(error: SerializedError | undefined): string[] {
  if (!error) return [];
  const { message, diff, cause } = error;
  return [
    [message, diff].filter(Boolean).join('\n'),
    ...reasons(cause instanceof Object ? (cause as SerializedError) : undefined),
  ];
}
