import { onTestFinished } from 'vitest';
import type { RunEvent, RunEventBody } from '../../src/contract/event.ts';
import type { RunHandle } from '../../src/contract/run-handle.ts';
import { Optio } from '../../src/optio.ts';
import type { RunContext } from '../../src/task/context.ts';
import { testDirectory } from './directories.ts';
import { done, told } from './engine.ts';

/** A run of a real Optio that tells what the test says, until the test ends it. */
export interface ToldRun {
  readonly optio: Optio;
  readonly handle: RunHandle;
  /** Tells these, and resolves when they are written. */
  tell(...events: RunEventBody[]): Promise<void>;
  end(): Promise<void>;
}

export async function openToldRun(optio?: Optio): Promise<ToldRun> {
  const api = optio ?? (await openOptio());
  const begun = Promise.withResolvers<RunContext>();
  const over = Promise.withResolvers<void>();
  const id = `told-${crypto.randomUUID()}`;
  await api.define({
    id,
    name: 'Tells what it is told',
    canRecover: true, // or a process that leaves would have to end it
    async execute(context) {
      begun.resolve(context);
      await Promise.race([over.promise, told(context.signal), told(context.detached)]);
      return done('told');
    },
  });
  const handle = await api.launch(id);
  const context = await begun.promise;
  return {
    optio: api,
    handle,
    async tell(...events) {
      for (const event of events) context.emit(event);
      await context.written();
    },
    async end() {
      over.resolve();
      await handle.outcome;
    },
  };
}

/** What its journal holds, once it has ended. */
export async function journalOf({ handle }: ToldRun): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  for await (const event of handle.events()) events.push(event);
  return events;
}

async function openOptio(): Promise<Optio> {
  const optio = await Optio.open({ dataDir: `${testDirectory('optio')}/data` });
  onTestFinished(() => optio.close().catch(() => {})); // a test may have closed it in a way of its own
  return optio;
}
