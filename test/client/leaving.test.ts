import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/contract/event.ts';
import { openClient, readAll } from '../support/client.ts';
import { frame, journalOf } from '../support/frames.ts';
import { serveJournal } from '../support/journal-server.ts';
import { until } from '../support/processes.ts';

const JOURNAL = journalOf(20);

describe('the events of a run', () => {
  it.each(['leaves', 'aborts its signal'])(
    'end at once when a reader who waits %s, and the server hears of it',
    async (how) => {
      const left = Promise.withResolvers<void>();
      const { server } = await serveJournal((_after, outgoing) => {
        outgoing.write(frame(JOURNAL[0] as RunEvent));
        void once(outgoing, 'close').then(() => left.resolve());
      });
      const run = await openClient({ url: server.url, patienceMs: 0 }).find('run-1');
      const controller = new AbortController();
      const options = { signal: controller.signal };
      const events = run.events(options)[Symbol.asyncIterator]();
      await events.next();
      const next = events.next();
      if (how === 'leaves') await events.return?.();
      else controller.abort();
      expect(await next).toEqual({ done: true, value: undefined });
      await left.promise;
    },
  );

  it('end at once when a reader leaves while nobody answers', async () => {
    const { server, client, run } = await serveJournal(() => {});
    await server.close();
    const events = run.events()[Symbol.asyncIterator]();
    const next = events.next();
    await events.return?.();
    expect(await next).toEqual({ done: true, value: undefined });
    await client.close();
    await expect(readAll(run.events())).rejects.toMatchObject({ code: 'aborted' });
  });

  it('are called off when the client is closed', async () => {
    const { server, client, run } = await serveJournal((_after, outgoing) => outgoing.write(':\n\n'));
    const read = readAll(run.events());
    read.catch(() => {});
    await until(() => server.count('readEvents').received === 1);
    await client.close();
    await expect(read).rejects.toMatchObject({ code: 'aborted', message: 'this client is closed' });
  });
});
