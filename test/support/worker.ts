import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import type { RunEventType } from '../../src/contract/event.ts';
import { sweepMarked } from '../../src/hosts/stop.ts';
import { markOf, type RunPlace, specIn, type TestSpec } from './run.ts';

const OPTIO = join(import.meta.dirname, '../../src/optio.ts');

/** Where a process is to die: at an event of this type, of this kind of item. */
export type DiesAt = RunEventType | `item.${'started' | 'completed'} ${'command'}`;

/**
 * Lets a process that uses the library run something until it kills itself there. Gives the id of the run; what lives on
 * of it ends with the test. The place is closed before. `wrapper`: what to start that process with, such as `UNSHARE`.
 */
export async function leaveBehind(place: RunPlace, spec: TestSpec, diesAt: DiesAt, wrapper = ''): Promise<string> {
  await place.optio.close();
  expect(await once(startWorker(place, spec, diesAt, wrapper), 'exit')).toEqual([null, 'SIGKILL']);
  const [runId = ''] = readdirSync(join(place.dataDir, 'runs'));
  onTestFinished(async () => void (await sweepMarked(markOf(place, runId))));
  return runId;
}

/**
 * A process of its own that uses the library for one run in the place, and that kills itself with SIGKILL as soon as
 * the journal has come there.
 */
function startWorker(place: RunPlace, spec: TestSpec, diesAt: DiesAt, wrapper: string): ChildProcess {
  const [type, kind] = diesAt.split(' ');
  const whole = specIn(place, spec);
  const program = `
    import { Optio } from ${JSON.stringify(OPTIO)};
    const optio = await Optio.open({ dataDir: ${JSON.stringify(place.dataDir)} });
    const handle = await optio.run(${JSON.stringify(whole)});
    for await (const event of handle.events()) {
      const isThere = event.type === ${JSON.stringify(type)} && (${!kind} || event.item?.kind === ${JSON.stringify(kind ?? '')});
      if (isThere) process.kill(process.pid, 'SIGKILL');
    }`;
  const [command = '', ...args] = [
    ...wrapper.split(' ').filter(Boolean),
    process.execPath,
    '--input-type=module',
    '-e',
    program,
  ];
  const worker = spawn(command, args, { env: place.env, stdio: 'inherit' });
  onTestFinished(() => void worker.kill('SIGKILL'));
  return worker;
}
