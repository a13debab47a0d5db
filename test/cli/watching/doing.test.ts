import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { styleFor } from '../../../src/cli/terminal/style.ts';
import { Renderer } from '../../../src/cli/watching/renderer.ts';
import type { RunEvent, RunEventBody } from '../../../src/contract/event.ts';
import type { Item } from '../../../src/contract/item.ts';
import { COMMAND_REQUEST, SESSION_STARTED } from '../../support/run-events.ts';
import { watchScreen } from '../../support/screen.ts';

const ITEM: Item = { kind: 'command', id: 'c1', command: 'ls', cwd: '/repo', status: 'running', output: '' };
const STARTED: RunEventBody = { type: 'item.started', turnId: 't1', item: ITEM };
const OPENED: RunEventBody = { type: 'request.opened', request: COMMAND_REQUEST };

beforeEach(() => void vi.useFakeTimers({ now: Date.parse('2026-11-22T10:00:00.000Z') }));
afterEach(() => void vi.useRealTimers());

/** What the spinner says a second after the last of these, each of which came so many seconds before that last one. */
function spinner(...told: readonly (readonly [seconds: number, body: RunEventBody])[]): string {
  const { screen, text } = watchScreen({ isTerminal: true });
  const renderer = new Renderer(screen, styleFor({ isTTY: false }, {}));
  for (const [index, [seconds, body]] of told.entries()) {
    const event: RunEvent = { seq: index + 1, at: new Date(Date.now() - seconds * 1000).toISOString(), ...body };
    renderer.show(event);
  }
  const before = text().length;
  vi.advanceTimersByTime(1000);
  screen.rest();
  return (
    text()
      .slice(before)
      .trim()
      .split('\r')
      .filter((frame) => frame.trim() !== '')
      .at(-1)
      ?.slice(2)
      .trim() ?? ''
  );
}

describe('Doing', () => {
  it('counts what runs from when it began, also for somebody who has come later', () => {
    expect(spinner([30, STARTED])).toBe('running ls 31 s');
  });

  it('says that a command waits for approval, since when, and that it does not run', () => {
    expect(spinner([30, STARTED], [30, OPENED])).toBe('waiting: approve `ls` 31 s');
  });

  it('goes on saying so whatever else happens meanwhile', () => {
    const delta = { type: 'item.delta', turnId: 't1', itemId: 'r', part: 'summary', delta: 'hm\n' } as const;
    expect(spinner([30, STARTED], [30, OPENED], [5, delta])).toBe('waiting: approve `ls` 31 s');
  });

  it.each([
    ['runs since it was allowed', { kind: 'decision', behavior: 'allow' }, 'running ls 11 s'],
    ['does not run once it was declined', { kind: 'decision', behavior: 'deny' }, 'working 11 s'],
  ] as const)('says that a command %s', (_, answer, said) => {
    const answered = { type: 'request.answered', requestId: COMMAND_REQUEST.id, answer, by: 'ann' } as const;
    expect(spinner([30, STARTED], [30, OPENED], [10, answered])).toBe(said);
  });

  it('waits for what else is asked, and for nothing once Codex is gone', () => {
    const other: RunEventBody = { type: 'request.opened', request: { ...COMMAND_REQUEST, id: 'r2', command: 'rm b' } };
    const closed = { type: 'request.closed', requestId: COMMAND_REQUEST.id, reason: 'resolvedElsewhere' } as const;
    expect(spinner([30, OPENED], [20, other], [10, closed])).toBe('waiting: approve `rm b` 21 s');
    expect(spinner([30, OPENED], [5, { type: 'session.ended' }])).toBe('clearing up 6.0 s');
    expect(spinner([30, OPENED], [5, { type: 'session.ended' }], [2, SESSION_STARTED])).toBe('working 3.0 s');
  });

  it('says that no turn runs, and where a run is that is not running', () => {
    expect(spinner([9, { type: 'turn.ended', turnId: 't1', status: 'completed' }])).toBe('between two turns 10 s');
    expect(spinner([9, { type: 'run.state', state: 'scheduled' }])).toBe('waiting for its turn to begin 10 s');
    expect(spinner([9, { type: 'run.state', state: 'running' }])).toBe('working 10 s');
  });

  it('counts from nothing where the clock of the server is ahead', () => {
    expect(spinner([-60, STARTED])).toBe('running ls 0.0 s');
  });
});
