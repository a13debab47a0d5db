import { stripVTControlCharacters } from 'node:util';
import type { Reporter, SerializedError, TestModule } from 'vitest/node';

/** How much of a message is shown, in characters: what was expected, and what was there instead. */
const LENGTH = 600;

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

function tell(what: string, error: SerializedError | undefined): void {
  const why = stripVTControlCharacters([error?.message, error?.diff].filter(Boolean).join('\n'));
  process.stderr.write(`\nfailed: ${what}\n${why.slice(0, LENGTH)}\n`);
}
