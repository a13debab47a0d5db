import { describe, expect, it } from 'vitest';
import type { RunEventBody } from '../../../src/contract/event.ts';
import type { Item } from '../../../src/contract/item.ts';
import { NO_USAGE } from '../../../src/contract/usage.ts';
import { momentOf } from '../../../web/src/run/transcript/row.ts';
import { Rows } from '../../../web/src/run/transcript/rows.ts';
import { inShort, journalOf, realJournal, recordOf, rowsOf } from './journals.ts';
import { largeJournal } from './large-journal.ts';

const said = (id: string, text: string): Item => ({ kind: 'agentMessage', id, text });
const ended = (turnId: string): RunEventBody => ({ type: 'turn.ended', turnId, status: 'completed' });
const turn = (turnId: string, ...items: Item[]): RunEventBody[] => [
  { type: 'turn.started', turnId },
  ...items.map((item): RunEventBody => ({ type: 'item.completed', turnId, item })),
];

describe('the rows of a run', () => {
  it('tell what happened in the order in which it did, with what was asked and answered in its place', () => {
    expect(inShort(rowsOf(realJournal('work')))).toEqual([
      'mark notice',
      'mark session',
      'mark notice',
      'userMessage',
      'reasoning',
      'plan',
      'command',
      'agentMessage',
      'fileChange',
      'command',
      'request answered',
      'agentMessage',
      'end of turn: completed',
      'end',
    ]);
  });

  it('fold what a sub-agent did, and show it below its row once that is unfolded', () => {
    const events = realJournal('sub-agent');
    const folded = rowsOf(events);
    const agent = folded.find(({ kind }) => kind === 'agent');
    expect(inShort(folded)).not.toContain('>command');
    expect(agent).toMatchObject({ prompt: 'Look for the readme.' });
    const unfolded = rowsOf(events, agent?.key ?? '');
    const at = unfolded.findIndex(({ kind }) => kind === 'agent');
    expect(inShort(unfolded).slice(at, at + 7)).toEqual([
      'agent',
      '>userMessage',
      '>command',
      '>request answered',
      '>agentMessage',
      '>end of turn: completed',
      'other',
    ]);
    expect(unfolded[at + 1]?.within).toBe(agent?.key);
  });

  it('mark an interruption, and what a run was paused for', () => {
    expect(inShort(rowsOf(realJournal('interrupted')))).toContain('end of turn: interrupted');
    const paused = inShort(rowsOf(realJournal('paused')));
    expect(paused.indexOf('mark paused')).toBeLessThan(paused.indexOf('end of turn: interrupted'));
    expect(paused.indexOf('mark resumed')).toBeGreaterThan(paused.indexOf('end of turn: interrupted'));
  });

  it.each(['work', 'sub-agent', 'interrupted', 'refused', 'paused', 'relaunched'])(
    'are the same of "%s" however it was read: in one go, or drawn after each event',
    (name) => {
      const events = realJournal(name);
      const record = recordOf([]);
      const rows = new Rows(record, () => true);
      for (const event of events) {
        record.apply(structuredClone(event));
        expect(rows.all(0)).toEqual(new Rows(record, () => true).all(0));
      }
      const whole = new Rows(recordOf(events), () => true).all(0);
      expect(rows.all(0)).toEqual(whole);
      expect(new Set(whole.map(({ key }) => key)).size).toBe(whole.length);
    },
  );

  it('stay the same objects where nothing has changed, and only there', () => {
    const record = recordOf(
      journalOf(
        ...turn('t1', said('a', 'One')),
        ended('t1'),
        { type: 'turn.started', turnId: 't2' },
        {
          type: 'item.started',
          turnId: 't2',
          item: said('b', ''),
        },
      ),
    );
    const rows = new Rows(record, () => false);
    const before = rows.all(0);
    record.apply({ type: 'item.delta', turnId: 't2', itemId: 'b', part: 'text', delta: 'Two', seq: 6, at: 'now' });
    const after = rows.all(0);
    expect(after.map((row, at) => row === before[at])).toEqual([true, true, false]);
    expect(after[2]).toMatchObject({ item: { text: 'Two' }, isOpen: true });
  });

  it('show a message that Codex has not taken, and why one was refused', () => {
    const message = { type: 'message.sent' as const, images: [], steer: false };
    const events = journalOf(
      { ...message, messageId: 'm1', text: 'First' },
      { ...message, messageId: 'm2', text: 'Second' },
      {
        type: 'message.refused',
        messageId: 'm1',
        error: { code: 'turn-rejected', message: 'Too long', remedy: 'Cut it.' },
      },
      { ...message, messageId: 'm3', text: 'Third' },
      { type: 'message.accepted', messageId: 'm3', turnId: 't1' },
      ...turn('t1', { kind: 'userMessage', id: 'u3', text: 'Third', images: [], messageId: 'm3' }),
    );
    const rows = rowsOf(events);
    expect(inShort(rows)).toEqual(['mark refused', 'userMessage', 'pending']);
    expect(rows[0]).toMatchObject({ mark: { error: { message: 'Too long' } }, message: { text: 'First' } });
    expect(rows[2]).toMatchObject({ message: { text: 'Second', state: 'sent' }, lostWith: null });
  });

  it('keep two items apart that have the same id in two turns', () => {
    const events = journalOf(...turn('t1', said('item-1', 'One')), ended('t1'), ...turn('t2', said('item-1', 'Two')));
    const rows = rowsOf(events).filter(({ kind }) => kind === 'item');
    expect(rows).toMatchObject([
      { key: 'item-1', item: { text: 'One' } },
      { key: 't2/item-1', item: { text: 'Two' } },
    ]);
  });

  it('say of a command that somebody is asked about it, until it is answered', () => {
    const events = realJournal('refused');
    const asked = (count: number) =>
      rowsOf(events.slice(0, count)).flatMap((row) => (row.kind === 'item' && row.isAsked ? [row.item.kind] : []));
    const opened = events.findIndex(({ type }) => type === 'request.opened');
    expect([asked(opened), asked(opened + 1), asked(opened + 2)]).toEqual([[], ['command'], []]);
  });

  it('show what was asked about an item right after it, also when others have begun meanwhile', () => {
    const events = realJournal('refused');
    const asking = events.find((event) => event.type === 'request.opened');
    if (asking?.type !== 'request.opened' || asking.request.turnId === null)
      throw new Error('the journal asks nothing');
    const before = events.slice(0, events.indexOf(asking));
    const later: RunEventBody = { type: 'item.started', turnId: asking.request.turnId, item: said('later', '') };
    const at = (seq: number) => ({ seq, at: asking.at });
    const rows = rowsOf([...before, { ...later, ...at(asking.seq) }, { ...asking, ...at(asking.seq + 1) }]);
    expect(inShort(rows).slice(-3)).toEqual(['command', 'request open', 'agentMessage']);
  });

  it('of ten thousand items are made anew only where something happens', () => {
    const events = journalOf(...largeJournal(10_000).slice(0, -3));
    const record = recordOf(events);
    const rows = new Rows(record, () => false);
    const before = new Set(rows.all(0));
    record.apply({
      type: 'item.completed',
      turnId: 'turn-999',
      item: said('last', 'The last.'),
      seq: events.length + 1,
      at: 'now',
    });
    const after = rows.all(0);
    expect(after.length).toBeGreaterThan(10_000);
    expect(inShort(after.filter((row) => !before.has(row)))).toEqual(['agentMessage']);
  });

  it('leave out what was taken back', () => {
    const events = journalOf(
      { type: 'turn.started', turnId: 't1' },
      { type: 'item.started', turnId: 't1', item: said('a', '') },
      { type: 'item.delta', turnId: 't1', itemId: 'a', part: 'text', delta: 'Half' },
      { type: 'item.dropped', turnId: 't1', itemId: 'a', reason: 'retry' },
      { type: 'turn.retrying', turnId: 't1', message: 'Reconnecting' },
    );
    expect(inShort(rowsOf(events))).toEqual(['retrying']);
  });

  it('say how many tokens each turn has used', () => {
    const usage = (turnId: string, total: number, last: number): RunEventBody => ({
      type: 'usage.updated',
      turnId,
      total: { ...NO_USAGE, total },
      last: { ...NO_USAGE, total: last },
    });
    const events = journalOf(
      ...turn('t1'),
      usage('t1', 100, 100),
      usage('t1', 300, 200),
      ended('t1'),
      ...turn('t2'),
      usage('t2', 450, 150),
      usage('t2', 450, 150),
      ended('t2'),
    );
    expect(rowsOf(events)).toMatchObject([{ tokens: 300 }, { tokens: 150 }]);
  });

  it('tell an error once that both the turn and the run have ended with', () => {
    const outcome = { status: 'failed', text: '', usage: NO_USAGE, turns: 1, threadId: 'x', durationMs: 1 } as const;
    const error = { code: 'turn-failed', message: 'No more credits' } as const;
    const events = journalOf(
      { type: 'turn.started', turnId: 't1' },
      { type: 'turn.ended', turnId: 't1', status: 'failed', error: error.message },
      { type: 'session.ended', error },
      { type: 'run.ended', outcome: { ...outcome, error } },
    );
    const rows = rowsOf(events);
    expect(inShort(rows)).toEqual(['end of turn: failed', 'end']);
    expect(rows[1]).toMatchObject({ isErrorTold: true });
  });
});

it('tells when a turn has ended in the row of its end, and not when it began', () => {
  const times = { startedAt: '2026-01-01T10:00:00Z', endedAt: '2026-01-01T10:05:00Z' };
  expect(momentOf({ kind: 'turnEnd', times })).toBe(times.endedAt);
  expect(momentOf({ kind: 'item', times })).toBe(times.startedAt);
});
