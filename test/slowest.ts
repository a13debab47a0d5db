import type { Reporter, TestModule } from 'vitest/node';

const FILES = 20;

/** Says which files of a long run have taken longest: what it takes as a whole is theirs, for the most part. */
export class Slowest implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const timed = modules.map((module) => ({ name: module.relativeModuleId, ms: module.diagnostic().duration }));
    const total = timed.reduce((sum, { ms }) => sum + ms, 0);
    const slowest = timed.toSorted((one, other) => other.ms - one.ms).slice(0, FILES);
    if (modules.length <= FILES) return; // one sees it without this
    const lines = slowest.map(({ name, ms }) => `${inSeconds(ms)}  ${name}`);
    process.stdout.write(
      `\nthe slowest of ${modules.length} files, which take${inSeconds(total)} in all:\n${lines.join('\n')}\n`,
    );
  }
}

const inSeconds = (ms: number) => `${Math.round(ms / 1000)} s`.padStart(7);
