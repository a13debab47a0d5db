import { describe, expect, it } from 'vitest';
import type { CodexNotification } from '../../src/codex/client.ts';
import type { Turn } from '../../src/codex/protocol/v2/Turn.ts';
import { ToldTurns } from '../../src/codex/told-turns.ts';

const THREAD = 'thread-1';

function turn(id: string, status: Turn['status'] = 'inProgress', items: object[] = []): Turn {
  return { id, status, items, error: null } as never;
}

const message = (id: string) => ({ type: 'agentMessage', id, text: id });
const command = (id: string, status: string) => ({ type: 'commandExecution', id, status });

function tell(told: ToldTurns, method: string, params: object): void {
  told.onNotification({ method, params: { threadId: THREAD, ...params } } as never);
}

/** What is missed, in short. */
function shortly(notifications: readonly CodexNotification[]): string[] {
  return notifications.map(({ method, params }) => {
    const { item, turn: of } = params as { item?: { id: string }; turn?: { id: string } };
    return `${method} ${item?.id ?? of?.id}`;
  });
}

describe('ToldTurns', () => {
  it('misses nothing of what was told', () => {
    const told = new ToldTurns(THREAD, []);
    tell(told, 'turn/started', { turn: turn('t1') });
    tell(told, 'item/started', { turnId: 't1', item: message('a') });
    tell(told, 'item/completed', { turnId: 't1', item: message('a') });
    expect(told.missed([turn('t1', 'inProgress', [message('a')])])).toEqual([]);
    tell(told, 'turn/completed', { turn: turn('t1', 'completed') });
    expect(told.missed([turn('t1', 'completed', [message('a')])])).toEqual([]);
  });

  it('misses the rest of a turn, and its end', () => {
    const told = new ToldTurns(THREAD, []);
    tell(told, 'turn/started', { turn: turn('t1') });
    tell(told, 'item/started', { turnId: 't1', item: command('a', 'inProgress') });
    const items = [command('a', 'completed'), message('b')];
    expect(shortly(told.missed([turn('t1', 'completed', items)]))).toEqual([
      'item/completed a',
      'item/started b',
      'item/completed b',
      'turn/completed t1',
    ]);
  });

  it('misses only the beginning of what still runs', () => {
    const told = new ToldTurns(THREAD, []);
    expect(shortly(told.missed([turn('t1', 'inProgress', [command('a', 'inProgress')])]))).toEqual([
      'turn/started t1',
      'item/started a',
    ]);
  });

  it('misses whole turns that are newer than any it knows, and none that are older', () => {
    const told = new ToldTurns(THREAD, [turn('t1', 'completed')]);
    const missed = told.missed([turn('t0', 'completed'), turn('t1', 'completed'), turn('t2', 'failed')]);
    expect(shortly(missed)).toEqual(['turn/started t2', 'turn/completed t2']);
  });

  it('takes turns for old when it finds none that it knows', () => {
    const told = new ToldTurns(THREAD, [turn('t1', 'completed')]);
    expect(told.missed([turn('t5', 'completed')])).toEqual([]);
  });

  it('misses the running turn of a thread that was just opened', () => {
    const before = [turn('t1', 'completed'), turn('t2')];
    expect(shortly(new ToldTurns(THREAD, before).missed(before))).toEqual(['turn/started t2']);
  });

  it('does not count what is told of other threads', () => {
    const told = new ToldTurns(THREAD, []);
    tell(told, 'turn/started', { threadId: 'child', turn: turn('c1') });
    expect(shortly(told.missed([turn('c1')]))).toEqual(['turn/started c1']);
  });
});
