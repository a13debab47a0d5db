import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { RunEventType } from '../../src/contract/event.ts';
import type { RunPlace, TestSpec } from './run.ts';

const OPTIO = join(import.meta.dirname, '../../src/optio.ts');

/**
 * A process of its own that uses the library for one run in the place, and that kills itself with SIGKILL as soon as
 * the journal holds an event of this type.
 */
export function startWorker(place: RunPlace, spec: TestSpec, diesAt: RunEventType): ChildProcess {
  const whole = {
    workspace: { directory: place.workspace },
    provider: { baseUrl: place.model.url },
    model: 'scripted',
    ...spec,
  };
  const program = `
    import { Optio } from ${JSON.stringify(OPTIO)};
    const optio = await Optio.open({ dataDir: ${JSON.stringify(place.dataDir)} });
    const handle = await optio.run(${JSON.stringify(whole)});
    for await (const event of handle.events()) {
      if (event.type === ${JSON.stringify(diesAt)}) process.kill(process.pid, 'SIGKILL');
    }`;
  const env = { PATH: process.env.PATH, HOME: place.home };
  const worker = spawn(process.execPath, ['--input-type=module', '-e', program], { env, stdio: 'inherit' });
  onTestFinished(() => void worker.kill('SIGKILL'));
  return worker;
}
