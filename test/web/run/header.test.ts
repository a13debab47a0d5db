import { describe, expect, it } from 'vitest';
import { checkBudget } from '../../../src/contract/budget.ts';
import type { RunEvent } from '../../../src/contract/event.ts';
import { countInWords, durationInWords, plural } from '../../../web/src/design/in-words.ts';
import { draftOf, readBudget, usedSoFar } from '../../../web/src/run/header/budget-form.ts';
import { limitsAfter, windowInWords } from '../../../web/src/run/header/rate-limits.ts';
import { sandboxSummary } from '../../../web/src/run/header/sandbox-summary.ts';

describe('a budget as one types it', () => {
  it('is what the server takes, and comes back the same', () => {
    const budget = { turns: 20, tokens: 1_500_000, wallMs: 5_400_000, onReached: 'fail' } as const;
    const read = readBudget(draftOf(budget));
    expect(read).toEqual({ budget, problems: {} });
    expect(() => checkBudget(read.budget)).not.toThrow();
    expect(readBudget({ turns: '', tokens: '1,000 000', minutes: '0.5', onReached: 'pause' }).budget).toEqual({
      tokens: 1_000_000,
      wallMs: 30_000,
      onReached: 'pause',
    });
    expect(readBudget(draftOf(null)).budget).toEqual({ onReached: 'pause' });
  });

  it('can raise a limit, and take none away', () => {
    expect(readBudget({ ...draftOf({ turns: 3 }), turns: '' }, { turns: 3 }).problems).toHaveProperty('turns');
    expect(readBudget({ ...draftOf({ turns: 3 }), turns: '5', tokens: '9' }, { turns: 3 })).toEqual({
      budget: { turns: 5, tokens: 9, onReached: 'pause' },
      problems: {},
    });
  });

  it.each(['0', '-1', '1.5', 'many', '1e400'])('has no number of turns like %s', (turns) => {
    expect(readBudget({ ...draftOf(null), turns }).problems).toHaveProperty('turns');
  });

  it.each(['0', '-1', 'many', 'Infinity'])('has no minutes like %s', (minutes) => {
    expect(readBudget({ ...draftOf(null), minutes }).problems).toHaveProperty('minutes');
  });
});

describe('the limits of a login', () => {
  const told = (params: unknown, method = 'account/rateLimits/updated') =>
    ({ seq: 1, at: '', type: 'codex.notification', method, params }) as RunEvent;

  it('are those that were told last, each for itself', () => {
    const primary = { usedPercent: 12.4, windowDurationMins: 300, resetsAt: 1_700_000_000 };
    const first = limitsAfter(null, told({ rateLimits: { primary, secondary: null } }));
    expect(first).toEqual({
      primary: { usedPercent: 12.4, windowMinutes: 300, resetsAt: 1_700_000_000_000 },
      secondary: null,
    });
    const second = limitsAfter(first, told({ rateLimits: { primary: null, secondary: { usedPercent: 3 } } }));
    expect(second).toEqual({ ...first, secondary: { usedPercent: 3, windowMinutes: null, resetsAt: null } });
  });

  it.each([null, {}, { rateLimits: 7 }, { rateLimits: { primary: 'x' } }])('are not those of %j', (params) => {
    expect(limitsAfter(null, told(params))).toBeNull();
  });

  it('are told by nothing else', () => {
    expect(limitsAfter(null, told({ rateLimits: { primary: { usedPercent: 1 } } }, 'other'))).toBeNull();
  });

  it('count for a time in words', () => {
    expect([300, 10_080, 90, null].map(windowInWords)).toEqual(['5 h limit', '7 d limit', '90 min limit', 'limit']);
  });
});

describe('in words', () => {
  it('says how a run is confined', () => {
    const sandbox = {
      mode: 'workspace-write',
      isolation: 'standard',
      network: false,
      profile: null,
      approvalPolicy: '',
    } as const;
    expect(sandboxSummary(sandbox)).toBe('writes in the workspace, no network');
    expect(sandboxSummary({ ...sandbox, mode: 'danger-full-access', network: true })).toBe('full access, no sandbox');
    expect(sandboxSummary({ ...sandbox, mode: 'read-only', isolation: 'strict', network: ['a', 'b', 'c'] })).toBe(
      'reads only, sees nothing else, network: 3 hosts',
    );
  });

  it('says how long, and how many', () => {
    expect([0, 59_400, 60_000, 200_000, 3_600_000, 7_500_000, 273_600_000].map(durationInWords)).toEqual([
      '0 s',
      '59 s',
      '1 min',
      '3 min 20 s',
      '1 h',
      '2 h 5 min',
      '3 d 4 h',
    ]);
    expect([0, 999, 1000, 12_345, 123_456, 999_949, 999_950, 1_234_567].map(countInWords)).toEqual([
      '0',
      '999',
      '1k',
      '12.3k',
      '123k',
      '1000k',
      '1M',
      '1.2M',
    ]);
    expect([plural(1, 'file'), plural(2, 'file')]).toEqual(['1 file', '2 files']);
  });
});

it('tells what a run has used of its budget as the server counts it: turns of its own that have begun, tokens of all its threads', () => {
  const turn = (id: string, threadId: string | null) => ({ ...EMPTY_TURN, id, threadId });
  const view = {
    turns: { a: turn('a', null), b: turn('b', null), c: turn('c', 'agent') },
    tokens: { own: 12_000, agent: 345 },
    activeMs: 60_000,
    activeSince: '2026-11-22T10:00:00.000Z',
  };
  const now = Date.parse('2026-11-22T10:00:30.000Z');
  expect(usedSoFar(view, now)).toEqual({
    turns: '2 so far.',
    tokens: '12,345 so far.',
    minutes: '1 min 30 s so far.',
  });
  expect(usedSoFar({ ...view, activeSince: null }, now).minutes).toBe('1 min so far.');
});

const EMPTY_TURN = { status: 'completed', error: null, retrying: null, items: {}, itemOrder: [], diff: '' } as const;
