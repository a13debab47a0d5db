import { describe, expect, it } from 'vitest';
import type { Retry } from '../../src/client/patience.ts';
import type { RunEvent } from '../../src/contract/event.ts';
import { openClient, readAll, serveVerbs } from '../support/client.ts';
import { cut, END, frame, journalOf } from '../support/frames.ts';
import { afters, serveJournal } from '../support/journal-server.ts';
import { problem } from '../support/route-server.ts';
import { numbered } from '../support/run-events.ts';

const JOURNAL = journalOf(20);

const rest = (after: number): RunEvent[] => JOURNAL.filter(({ seq }) => seq > after);
describe('the events of a run', () => {
  it('come as they are, and end with the run', async () => {
    const { server, run } = await serveJournal((after, outgoing) => {
      outgoing.write(rest(after).map(frame).join(''));
      outgoing.write(`${END}${frame({ ...JOURNAL[0], seq: 99 } as RunEvent)}`);
    });
    expect(await readAll(run.events())).toEqual(JOURNAL);
    expect(await readAll(run.events({ after: 18 }))).toEqual(JOURNAL.slice(18));
    expect(afters(server)).toEqual([0, 18]);
  });

  it('end where the server says that there are no more', async () => {
    const { run } = await serveJournal((_after, outgoing) => outgoing.write(END));
    expect(await readAll(run.events({ after: 21 }))).toEqual([]);
  });

  it('come once each, in order, although the connection is lost after each piece of them', async () => {
    const { server, run } = await serveJournal((after, outgoing, count) => {
      const bytes = Buffer.from(rest(after).map(frame).join(''));
      // In the middle of a frame, of a character, and between two.
      const length = 150 + 137 * count;
      outgoing.write(bytes.subarray(0, length), () => outgoing.destroy());
    });
    expect(await readAll(run.events())).toEqual(JOURNAL);
    expect(afters(server).length).toBeGreaterThan(3);
  });

  it('go on after what was told, when a server comes back, cuts a reader off or is between two others', async () => {
    const { server, run } = await serveJournal((after, outgoing, count) => {
      const [next] = rest(after);
      if (next && count < 5) outgoing.write(frame(next));
      if (count === 2) outgoing.end(cut('overloaded', 'too slow'));
      else if (count === 3) outgoing.end(cut('aborted', 'the server is stopping'));
      else if (count === 4)
        outgoing.end(); // whole, and yet not all
      else outgoing.end(rest(after).map(frame).join(''));
    });
    server.lose('readEvents', 'before');
    expect(await readAll(run.events())).toEqual(JOURNAL);
    expect(afters(server)).toEqual([0, 0, 1, 2, 3]);
  });

  it('tell why each connection was given up, and follow the server to another address', async () => {
    const { server: after, client } = await serveVerbs();
    after.on('readEvents', (received, outgoing) => {
      outgoing.writeHead(200, { 'content-type': 'text/event-stream' });
      return outgoing.end(rest(Number(received.query.after)).map(frame).join(''));
    });
    await client.close();
    const { server: before } = await serveJournal((_after, outgoing) => {
      outgoing.end(`${frame(JOURNAL[0] as RunEvent)}${cut('overloaded', 'too slow')}`);
    });
    const why: string[] = [];
    const reconnect = async () => ({ url: after.url });
    const onRetry = ({ error }: Retry) => void why.push(`${error.code}: ${error.message}`);
    const run = await openClient({ url: before.url, reconnect, onRetry }).find('run-1');
    expect(await readAll(run.events())).toEqual(JOURNAL);
    expect(why).toEqual(['overloaded: too slow']);
    expect([afters(before), afters(after)]).toEqual([[0], [1]]);
  });

  it('end when the server that comes back speaks another version', async () => {
    const { server, run } = await serveJournal((_after, outgoing) => {
      server.on('showServer', () => ({ version: '9.0.0', apiVersion: 9 }));
      outgoing.end(`${frame(JOURNAL[0] as RunEvent)}${cut('aborted', 'the server is stopping')}`);
    });
    await expect(readAll(run.events())).rejects.toMatchObject({ code: 'server-version' });
  });

  it('are told once by a server that tells again what it was not asked for', async () => {
    const { run } = await serveJournal((_after, outgoing, count) => {
      outgoing.end(
        JOURNAL.slice(0, 7 * count)
          .map(frame)
          .join(''),
      );
    });
    expect(await readAll(run.events())).toEqual(JOURNAL);
  });

  it('may stand for others that were compacted, also some that were told already', async () => {
    const marker = { ...JOURNAL[8], type: 'journal.compacted', from: 3 } as RunEvent;
    const { run } = await serveJournal((after, outgoing, count) => {
      if (count === 1) outgoing.end(JOURNAL.slice(0, 5).map(frame).join(''));
      else outgoing.end([marker, ...rest(Math.max(9, after))].map(frame).join(''));
    });
    expect((await readAll(run.events())).map(({ seq }) => seq)).toEqual([
      1,
      2,
      3,
      4,
      5,
      9,
      ...rest(9).map((e) => e.seq),
    ]);
  });

  it.each([
    ['an event', JOURNAL[4]],
    ['a marker that stands for less', { ...JOURNAL[4], type: 'journal.compacted', from: 4 }],
  ])('are an error when some are missing before %s', async (_what, event) => {
    const { run } = await serveJournal((_after, outgoing) => {
      outgoing.write([...JOURNAL.slice(0, 2), event as RunEvent].map(frame).join(''));
    });
    const seen: number[] = [];
    const read = async () => {
      for await (const { seq } of run.events()) seen.push(seq);
    };
    await expect(read()).rejects.toMatchObject({
      code: 'internal',
      message: 'the journal of run run-1 goes from 2 to 5: events are missing',
    });
    expect(seen).toEqual([1, 2]);
  });

  it('throw what the server says to being asked, at once and later', async () => {
    const { server, run } = await serveJournal((_after, outgoing) => outgoing.end(frame(JOURNAL[0] as RunEvent)));
    const gone = problem(404, { code: 'not-found', message: 'there is no run run-1' });
    const tell = server.answerOf('readEvents');
    server.on('readEvents', (received, outgoing) =>
      received.query.after?.[0] === '1' ? gone : tell(received, outgoing),
    );
    await expect(readAll(run.events())).rejects.toMatchObject({ code: 'not-found' });
    await expect(readAll(run.events({ after: 1 }))).rejects.toMatchObject({ code: 'not-found' });
  });

  it('throw when nobody answers for too long', async () => {
    const { server } = await serveJournal((_after, outgoing) => outgoing.write(frame(JOURNAL[0] as RunEvent)));
    const run = await openClient({ url: server.url, patienceMs: 300 }).find('run-1');
    const events = run.events()[Symbol.asyncIterator]();
    expect((await events.next()).value).toEqual(JOURNAL[0]);
    await server.close();
    await expect(events.next()).rejects.toMatchObject({ code: 'server-unreachable' });
    expect(await events.next()).toEqual({ done: true, value: undefined });
  });

  it('are not asked for before somebody reads', async () => {
    const { server, run } = await serveJournal(() => {});
    run.events();
    run.events()[Symbol.asyncIterator]();
    await run.details();
    expect(afters(server)).toEqual([]);
  });

  it('are no error of ours when they are none', async () => {
    const { run } = await serveJournal((_after, outgoing) => outgoing.write('data: {"seq":\n\n'));
    await expect(readAll(run.events())).rejects.toMatchObject({ code: 'internal' });
  });
});

describe('a turn of a run', () => {
  it('ends as its events say, read from the number that the server gave', async () => {
    const events = numbered(
      { type: 'message.accepted', messageId: 'm', turnId: 'turn-1' },
      { type: 'notice', level: 'info', message: 'hm' },
      { type: 'turn.started', turnId: 'turn-1' },
      {
        type: 'item.completed',
        turnId: 'turn-1',
        item: { kind: 'agentMessage', id: 'i', text: 'It is done.' },
      },
      { type: 'turn.ended', turnId: 'turn-1', status: 'completed' },
    );
    const { server, run } = await serveJournal((after, outgoing) => {
      outgoing.write(events.slice(after).map(frame).join(''));
    });
    server.on('sendMessage', () => ({ turnId: 'turn-1', after: 2 }));
    const turn = await run.send('Go on.');
    expect(turn).toMatchObject({ id: 'turn-1', after: 2 });
    expect(await turn.completed).toEqual({ id: 'turn-1', status: 'completed', text: 'It is done.', error: null });
    expect(afters(server)).toEqual([2]);
  });
});
