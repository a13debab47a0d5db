import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ProcessIdentity } from '../../src/hosts/host.ts';
import { LocalHost } from '../../src/hosts/local.ts';
import { isRunning } from '../../src/hosts/processes.ts';
import { sweepMarked } from '../../src/hosts/stop.ts';
import { testDirectory } from '../support/directories.ts';
import { FAKE_ENV, fakePath } from '../support/fakes.ts';

/** A process that lives on although the one that started it has ended. */
async function startElsewhere() {
  const directory = testDirectory();
  const file = join(directory, 'log');
  const mark = { name: 'OPTIO_TEST_MARK', value: randomUUID() };
  onTestFinished(async () => {
    await sweepMarked(mark);
  });
  const args = [fakePath('starts-and-leaves.ts'), directory, file, mark.value];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env: FAKE_ENV });
  return { identity: JSON.parse(stdout) as ProcessIdentity, spec: { output: { file }, mark } };
}

describe('a process that is adopted', () => {
  it('is stopped as one of our own is', async () => {
    const { identity, spec } = await startElsewhere();
    const adopted = await new LocalHost().adopt(identity, spec);
    expect(await adopted?.stop()).toMatchObject({ by: 'SIGTERM' });
    expect(isRunning(identity)).toBe(false);
    expect(await adopted?.exited).toEqual({ exitCode: null, signal: null });
  });

  it('is known to have ended when somebody else ends it', async () => {
    const { identity, spec } = await startElsewhere();
    const adopted = await new LocalHost().adopt(identity, spec);
    process.kill(identity.pid, 'SIGKILL');
    expect(await adopted?.exited).toEqual({ exitCode: null, signal: null });
  });

  it('shows the last words of its log', async () => {
    const { identity, spec } = await startElsewhere();
    writeFileSync(spec.output.file, 'last words\n', { flag: 'a' });
    const adopted = await new LocalHost().adopt(identity, spec);
    expect(adopted?.stderrTail()).toBe('last words');
  });

  it('is none when it has ended, or its pid belongs to somebody else by now', async () => {
    const { identity, spec } = await startElsewhere();
    const host = new LocalHost();
    expect(await host.adopt({ ...identity, startTime: (identity.startTime ?? 0) + 1 }, spec)).toBeUndefined();
    expect(await host.adopt({ ...identity, bootId: 'another boot' }, spec)).toBeUndefined();
    await sweepMarked(spec.mark);
    expect(await host.adopt(identity, spec)).toBeUndefined();
  });
});
