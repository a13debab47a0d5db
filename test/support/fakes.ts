import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { HostProcess, ProcessMark } from '../../src/hosts/host.ts';
import { LocalHost } from '../../src/hosts/local.ts';
import { stopProcess } from '../../src/hosts/stop.ts';
import { testDirectory } from './directories.ts';
import { until } from './processes.ts';

/** Where an executable of `test/fakes` lies. */
export function fakePath(name: string): string {
  return join(import.meta.dirname, '../fakes', name);
}

/** What an executable needs to find this Node first. */
export const FAKE_ENV = { PATH: `${dirname(process.execPath)}:${process.env.PATH}` };

export interface StartedFake {
  readonly process: HostProcess;
  readonly mark: ProcessMark;
  /** What it said when it was ready. */
  readonly greeting: string;
}

/** Starts an executable of `test/fakes`, waits until it says that it is ready, and ends it with the test. */
export async function startFake(
  name: string,
  options: { output?: 'streams' | 'file'; args?: readonly string[]; isMarked?: boolean } = {},
): Promise<StartedFake> {
  const { output = 'streams', args = [], isMarked = true } = options;
  const directory = testDirectory('fake');
  const log = join(directory, 'output.log');
  const mark = { name: 'OPTIO_TEST_MARK', value: randomUUID() };
  const started = await new LocalHost().start({
    command: [fakePath(name), ...args],
    cwd: directory,
    env: FAKE_ENV,
    output: output === 'streams' ? 'streams' : { file: log },
    ...(isMarked && { mark }),
  });
  const patience = { input: 0, firstTerm: 0, secondTerm: 0 };
  onTestFinished(async () => {
    await stopProcess({ identity: started.identity, mark, patience });
  });
  let greeting = '';
  if (started.stdout) {
    [greeting] = (await once(started.stdout.setEncoding('utf8'), 'data')) as [string];
    started.stdout.resume();
  } else {
    await until(() => readFileSync(log, 'utf8').includes('ready'), `${name} to be ready`);
    greeting = readFileSync(log, 'utf8');
  }
  return { process: started, mark, greeting };
}
