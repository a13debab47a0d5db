import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyToDigest, copyDigest, createDigest, toDigest, usedBy } from '../../src/contract/digest.ts';
import type { RunEvent, RunEventBody } from '../../src/contract/event.ts';
import { applyEvent } from '../../src/contract/reducer.ts';
import { type RunDigest, runDigestSchema } from '../../src/contract/run-summary.ts';
import { endedTurnsOf } from '../../src/contract/so-far.ts';
import { createRunView } from '../../src/contract/view.ts';
import { compacted } from '../support/compacted.ts';
import { journals } from '../support/journal.ts';
import { numbered, SESSION_STARTED } from '../support/run-events.ts';

const JOURNALS = join(import.meta.dirname, 'journals');
const names = readdirSync(JOURNALS).map((file) => file.replace('.json', ''));
const read = (name: string): RunEvent[] => JSON.parse(readFileSync(join(JOURNALS, `${name}.json`), 'utf8'));

const digestOf = (events: readonly RunEvent[]): RunDigest => toDigest(events.reduce(applyToDigest, createDigest()));
/** What it says that it does, after each event, where that is another. */
function activitiesOf(events: readonly RunEvent[]): (string | null)[] {
  const digest = createDigest();
  const all = events.map((event) => toDigest(applyToDigest(digest, event)).activity);
  return all.filter((activity, at) => at === 0 || activity !== all[at - 1]);
}

describe.each(names)('the digest of a run that was %s', (name) => {
  const events = read(name);

  it('agrees with the view of it at any event', () => {
    const [view, digest] = [createRunView(), createDigest()];
    for (const event of events) {
      applyEvent(view, event);
      const { turns, tokens, model, effort, contextWindow, progress } = toDigest(applyToDigest(digest, event));
      const used = Object.values(view.tokens).reduce((sum, more) => sum + more, 0);
      expect({ turns, tokens, model, effort, contextWindow, progress }, `${event.seq}`).toEqual({
        ...{ turns: endedTurnsOf(view).length, tokens: used, contextWindow: view.contextWindow },
        ...{ model: view.controls?.model ?? null, effort: view.controls?.effort ?? null, progress: view.progress },
      });
    }
  });

  it('does nothing any more when it has ended', () => {
    expect(digestOf(events)).toMatchObject({ activity: null, lastEventAt: events.at(-1)?.at });
    expect(runDigestSchema.parse(digestOf(events))).toEqual(digestOf(events));
  });
});

describe('what a run does, in words', () => {
  it('follows a turn through its commands, its changes, what it asks and what it answers', () => {
    expect(activitiesOf(read('work'))).toMatchInlineSnapshot(`
      [
        "starting",
        null,
        "thinking",
        "running for n in 1 2 3 4; do echo line $n; sleep 0.1; done",
        "thinking",
        "writing the answer",
        "thinking",
        "editing new.txt",
        "thinking",
        "running echo three >> new.txt",
        "waiting: approve \`echo three >> new.txt\`",
        "running echo three >> new.txt",
        "thinking",
        "trying again: Reconnecting... 1/5: stream disconnected before completion: Transport error: network error: error decodin…",
        "writing the answer",
        "thinking",
        null,
      ]
    `);
  });

  it('is told of the run’s own thread only, but for what a sub-agent asks', () => {
    expect(activitiesOf(read('sub-agent'))).toMatchInlineSnapshot(`
      [
        "starting",
        null,
        "thinking",
        "waiting: approve \`ls > list.txt\`",
        "thinking",
        "writing the answer",
        "thinking",
        null,
      ]
    `);
  });

  it('is a pause while there is one', () => {
    expect(activitiesOf(read('paused'))).toMatchInlineSnapshot(`
      [
        "starting",
        null,
        "thinking",
        "writing the answer",
        "thinking",
        "running echo half; sleep 600",
        "paused: it is late",
        null,
        "thinking",
        "writing the answer",
        "thinking",
        null,
      ]
    `);
  });
});

describe('a digest', () => {
  it('is the same whoever takes it up at any event, and however often an event comes', () => {
    fc.assert(
      fc.property(journals, fc.nat(), (events, at) => {
        const half = at % (events.length + 1);
        const digest = events.slice(0, half).reduce(applyToDigest, createDigest());
        const copy = copyDigest(digest);
        for (const event of events.slice(Math.max(0, half - 5))) applyToDigest(copy, event);
        expect(toDigest(copy)).toEqual(digestOf(events));
        expect(toDigest(digest), 'the one that it was copied from').toEqual(digestOf(events.slice(0, half)));
      }),
    );
  });

  it('is the same when the journal is compacted', () => {
    fc.assert(
      fc.property(journals, (events) => {
        expect(digestOf(compacted(events))).toEqual(digestOf(events));
      }),
    );
  });

  it('never changes an event', () => {
    fc.assert(
      fc.property(journals, (events) => {
        const before = JSON.stringify(events);
        digestOf(events);
        expect(JSON.stringify(events)).toBe(before);
      }),
    );
  });

  const usage = (total: number, threadId?: string): RunEventBody => {
    const of = (tokens: number) => ({ total: tokens, input: tokens, cached: 0, output: 0, reasoning: 0 });
    return { type: 'usage.updated', turnId: 't', ...(threadId && { threadId }), total: of(total), last: of(7) };
  };

  it('counts the tokens of all threads, and the context of its own', () => {
    const events = numbered(usage(10), usage(30), usage(100, 'sub-agent'));
    expect(digestOf(events)).toMatchObject({ tokens: 130, contextTokens: 7 });
    const digest = createDigest();
    const news = events.map((event) => {
      const { total } = usedBy(digest, event as RunEvent & { type: 'usage.updated' });
      applyToDigest(digest, event);
      return total;
    });
    expect(news).toEqual([10, 20, 100]);
  });

  it('says what a task of one’s own says of its end', () => {
    const of = { total: 5, input: 5, cached: 0, output: 0, reasoning: 0 };
    const outcome = { status: 'done' as const, text: 'All is\n\nwell.', durationMs: 1, usage: of, turns: 2 };
    expect(digestOf(numbered({ type: 'run.ended', outcome }))).toMatchObject({
      tokens: 5,
      turns: 2,
      answer: 'All is well.',
    });
  });
});

describe('a run that waits for a message', () => {
  const message = { messageId: 'm', text: 'x', images: [], steer: false };
  const turn = { turnId: 't' };
  const idleAfter = (more: readonly RunEventBody[], lastsOneTurn?: true) => {
    const started = { ...SESSION_STARTED, ...(lastsOneTurn && { lastsOneTurn }) };
    const state = { type: 'run.state', state: 'running' } as const;
    return digestOf(numbered(started, state, ...more)).isIdle;
  };

  it('does so before its first message and between two turns, and not while one is on its way', () => {
    const sent = { type: 'message.sent', ...message } as const;
    const begun = { type: 'turn.started', ...turn } as const;
    const over = { type: 'turn.ended', ...turn, status: 'completed' } as const;
    expect([idleAfter([]), idleAfter([sent]), idleAfter([sent, begun]), idleAfter([sent, begun, over])]).toEqual([
      true,
      false,
      false,
      true,
    ]);
    expect(idleAfter([sent, begun, over, { type: 'session.ended' }])).toBe(false);
  });

  it('never does so where it is over with its first turn', () => {
    const over = { type: 'turn.ended', ...turn, status: 'completed' } as const;
    expect([idleAfter([], true), idleAfter([{ type: 'turn.started', ...turn }, over], true)]).toEqual([false, false]);
  });
});
