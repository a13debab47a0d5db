import { describe, expect, it } from 'vitest';
import { connectTo } from '../../src/client/client.ts';
import { openClient, readAll } from '../support/client.ts';
import { frame, journalOf } from '../support/frames.ts';
import { serveInMemory } from '../support/memory-server.ts';

const JOURNAL = journalOf(2);
const encoder = new TextEncoder();
const bytesAfter = (after: number) =>
  encoder.encode(
    JOURNAL.filter(({ seq }) => seq > after)
      .map(frame)
      .join(''),
  );

describe('the frames of a stream', () => {
  it('are whole, wherever the connection is lost', async () => {
    const { length } = bytesAfter(0);
    const readLosing = async (at: number) => {
      let isLost = false;
      const fetch = serveInMemory((after) => {
        const bytes = bytesAfter(after);
        const source = new ReadableStream<Uint8Array>({
          start(controller) {
            controller.enqueue(isLost ? bytes : bytes.slice(0, at));
            if (isLost) controller.close();
          },
          pull(controller) {
            isLost = true;
            controller.error(new TypeError('terminated'));
          },
        });
        return source;
      });
      const run = await connectTo({ url: 'http://127.0.0.1', fetch }).find('run-1');
      return readAll(run.events());
    };
    const journals = await Promise.all(Array.from({ length: length - 1 }, (_, at) => readLosing(at)));
    expect(journals.length).toBeGreaterThan(300);
    for (const journal of journals) expect(journal).toEqual(JOURNAL);
  });

  it('are whole, however they are cut into pieces', async () => {
    const bytes = bytesAfter(0);
    const fetch = serveInMemory(() => ReadableStream.from(Array.from(bytes, (byte) => Uint8Array.of(byte))));
    const run = await openClient({ url: 'http://127.0.0.1', fetch }).find('run-1');
    expect(await readAll(run.events())).toEqual(JOURNAL);
  });

  it('are read no faster than they are taken', async () => {
    const journal = journalOf(1_000);
    let pulled = 0;
    const fetch = serveInMemory(
      () =>
        new ReadableStream<Uint8Array>(
          {
            pull(controller) {
              const event = journal[pulled++];
              if (event) controller.enqueue(encoder.encode(frame(event)));
            },
          },
          { highWaterMark: 0 },
        ),
    );
    const run = await openClient({ url: 'http://127.0.0.1', fetch }).find('run-1');
    const events = run.events()[Symbol.asyncIterator]();
    for (let taken = 1; taken <= 5; taken++) {
      await events.next();
      expect(pulled).toBe(taken);
    }
    await events.return?.();
  });
});
