import { describe, expect, it } from 'vitest';
import type { CodexNotification } from '../../src/codex/client.ts';
import type { Turn } from '../../src/codex/protocol/v2/Turn.ts';
import { ToldThreads } from '../../src/codex/told-threads.ts';

const THREAD = 'thread-1';

function turn(id: string, status: Turn['status'] = 'inProgress', items: object[] = []): Turn {
  return { id, status, items, error: null } as never;
}

const message = (id: string) => ({ type: 'agentMessage', id, text: id });
const command = (id: string, status: string) => ({ type: 'commandExecution', id, status });

function tell(told: ToldThreads, method: string, params: object): void {
  told.onNotification({ method, params: { threadId: THREAD, ...params } } as never);
}

/** What is missed, in short. */
function shortly(notifications: readonly CodexNotification[]): string[] {
  return notifications.map(({ method, params }) => {
    const { item, turn: of } = params as { item?: { id: string }; turn?: { id: string } };
    return `${method} ${item?.id ?? of?.id}`;
  });
}

describe('ToldThreads', () => {
  it('misses nothing of what was told', () => {
    const told = new ToldThreads();
    tell(told, 'turn/started', { turn: turn('t1') });
    tell(told, 'item/started', { turnId: 't1', item: message('a') });
    tell(told, 'item/completed', { turnId: 't1', item: message('a') });
    expect(told.missed(THREAD, [turn('t1', 'inProgress', [message('a')])])).toEqual([]);
    tell(told, 'turn/completed', { turn: turn('t1', 'completed') });
    expect(told.missed(THREAD, [turn('t1', 'completed', [message('a')])])).toEqual([]);
  });

  it('misses the rest of a turn, and its end', () => {
    const told = new ToldThreads();
    tell(told, 'turn/started', { turn: turn('t1') });
    tell(told, 'item/started', { turnId: 't1', item: command('a', 'inProgress') });
    const items = [command('a', 'completed'), message('b')];
    expect(shortly(told.missed(THREAD, [turn('t1', 'completed', items)]))).toEqual([
      'item/completed a',
      'item/started b',
      'item/completed b',
      'turn/completed t1',
    ]);
  });

  it('misses only the beginning of what still runs', () => {
    const told = new ToldThreads();
    expect(shortly(told.missed(THREAD, [turn('t1', 'inProgress', [command('a', 'inProgress')])]))).toEqual([
      'turn/started t1',
      'item/started a',
    ]);
  });

  it('misses whole turns that are newer than any it knows, and none that are older', () => {
    const told = new ToldThreads();
    told.open(THREAD, [turn('t1', 'completed')]);
    const missed = told.missed(THREAD, [turn('t0', 'completed'), turn('t1', 'completed'), turn('t2', 'failed')]);
    expect(shortly(missed)).toEqual(['turn/started t2', 'turn/completed t2']);
  });

  it('takes turns for old when it finds none that it knows', () => {
    const told = new ToldThreads();
    told.open(THREAD, [turn('t1', 'completed')]);
    expect(told.missed(THREAD, [turn('t5', 'completed')])).toEqual([]);
  });

  it('misses the running turn of a thread that was just opened', () => {
    const before = [turn('t1', 'completed'), turn('t2')];
    const told = new ToldThreads();
    told.open(THREAD, before);
    expect(shortly(told.missed(THREAD, before))).toEqual(['turn/started t2']);
  });

  it('knows how far turns have to go back: to the newest that it knows, and to all that run', () => {
    const told = new ToldThreads();
    expect(told.reaches(THREAD, [turn('t9')])).toBe(false);
    told.open(THREAD, [turn('t1', 'completed')]);
    tell(told, 'turn/started', { turn: turn('t2') });
    tell(told, 'turn/started', { turn: turn('t3') });
    expect(told.reaches(THREAD, [turn('t4'), turn('t3')])).toBe(false);
    expect(told.reaches(THREAD, [turn('t4'), turn('t3'), turn('t2')])).toBe(true);
    tell(told, 'turn/completed', { turn: turn('t2', 'completed') });
    expect(told.reaches(THREAD, [turn('t4'), turn('t3')])).toBe(true);
  });

  it('keeps the threads of sub-agents apart', () => {
    const told = new ToldThreads();
    tell(told, 'turn/started', { threadId: 'child', turn: turn('c1') });
    expect(shortly(told.missed('child', [turn('c1', 'completed')]))).toEqual(['turn/completed c1']);
    expect(shortly(told.missed(THREAD, [turn('t1')]))).toEqual(['turn/started t1']);
  });
});

describe('what was told late', () => {
  const at = { threadId: THREAD, turnId: 't1' };
  const snapshot = turn('t1', 'completed', [message('said'), command('runs', 'inProgress')]);

  /** Everything of a turn that was missed. */
  function tellLate() {
    const told = new ToldThreads();
    told.tellLate(told.missed(THREAD, [snapshot]));
    return (method: string, params: object) => told.isRepeated({ method, params: { ...at, ...params } });
  }

  it.each<[string, object]>([
    ['turn/started', { turn: turn('t1') }],
    ['item/started', { item: message('said') }],
    ['item/completed', { item: message('said') }],
    ['item/agentMessage/delta', { itemId: 'said', delta: 'sa' }],
    ['item/started', { item: command('runs', 'inProgress') }],
    ['turn/completed', { turn: turn('t1', 'completed') }],
  ])('is no news when Codex tells it as well: %s %j', (method, params) => {
    expect(tellLate()(method, params)).toBe(true);
  });

  it.each<[string, object]>([
    ['item/completed', { item: command('runs', 'completed') }],
    ['item/commandExecution/outputDelta', { itemId: 'runs', delta: 'o' }],
    ['item/started', { item: message('next') }],
    ['turn/completed', { turn: turn('t1', 'failed') }],
    ['turn/started', { turn: turn('t2') }],
    ['warning', { message: 'said completed' }],
    ['item/started', {}],
    ['turn/completed', { turn: null, item: 7, itemId: {} }],
  ])('does not keep back what is news: %s %j', (method, params) => {
    expect(tellLate()(method, params)).toBe(false);
  });

  it('is nothing before a connection was lost, and only that of the last one then', () => {
    const told = new ToldThreads();
    const end = { method: 'turn/completed', params: { turn: turn('t1', 'completed') } };
    expect(told.isRepeated(end)).toBe(false);
    told.tellLate(told.missed(THREAD, [snapshot]));
    expect(told.isRepeated(end)).toBe(true);
    told.tellLate([]);
    expect(told.isRepeated(end)).toBe(false);
    expect(told.isRepeated({ id: 1, result: null })).toBe(false);
  });
});
