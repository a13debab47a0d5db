import { describe, expect, it } from 'vitest';
import { describeStop, describeStopping } from '../../../src/cli/views/stop-view.ts';
import type { StopReport } from '../../../src/contract/server-info.ts';

const NOTHING: StopReport = { pid: 7, left: [], waiting: [], openRequests: 0, drainMs: 0, cancel: false };
const STOPPED = 'Stopped the server (process 7).';
const AGAIN = 'Any command starts a server again, for example: optio-codex ps';

describe('what a server that was stopped leaves', () => {
  it.each<[string, Partial<StopReport>, string[]]>([
    ['nothing', {}, ['It leaves nothing that runs.']],
    ['a run', { left: ['run-1'] }, ['1 run goes on without it, and the next server takes it up:', '  run-1', AGAIN]],
    [
      'runs that wait, and requests',
      { waiting: ['run-1', 'run-2'], openRequests: 2 },
      [
        '2 runs wait for the next server to begin:',
        '  run-1',
        '  run-2',
        '2 requests wait for an answer: optio-codex requests',
        AGAIN,
      ],
    ],
    [
      'one request',
      { left: ['run-1', 'run-2'], openRequests: 1 },
      [
        '2 runs go on without it, and the next server takes them up:',
        '  run-1',
        '  run-2',
        '1 request waits for an answer: optio-codex requests',
        AGAIN,
      ],
    ],
    ['what was cancelled', { cancel: true }, ['Whatever was under way is cancelled.']],
    [
      'what may have ended meanwhile',
      { left: ['run-1'], openRequests: 1, drainMs: 600_000 },
      ['1 run was under way. What has not ended meanwhile goes on without it:', '  run-1', AGAIN],
    ],
    [
      'what may have ended before it was to be cancelled',
      { cancel: true, drainMs: 600_000 },
      ['Whatever was under way has ended, or is cancelled.'],
    ],
  ])('is told: %s', (_what, report, lines) => {
    expect(describeStop({ ...NOTHING, ...report })).toEqual([STOPPED, ...lines]);
  });

  it('is told of a server that has died, too', () => {
    expect(describeStop({ ...NOTHING, left: ['run-1'], hasDied: true }).slice(0, 2)).toEqual([
      'The server (process 7) died before it could stop.',
      '1 run goes on without it, and the next server takes it up:',
    ]);
  });

  it('names ten of many', () => {
    const left = Array.from({ length: 12 }, (_, at) => `run-${at}`);
    const lines = describeStop({ ...NOTHING, left });
    expect(lines).toHaveLength(2 + 11 + 1);
    expect(lines.slice(11, 13)).toEqual(['  run-9', '  … and 2 more']);
  });
});

describe('what is waited for', () => {
  it.each<[Partial<StopReport>, string | undefined]>([
    [{}, undefined],
    [{ cancel: true }, 'Cancelling what is under way.'],
    [{ drainMs: 90_000 }, 'Waiting for what is under way to end, 1 min 30 s at most.'],
    [
      { drainMs: 90_000, cancel: true },
      'Waiting for what is under way to end, 1 min 30 s at most. What has not ended by then is cancelled.',
    ],
  ])('is told: %o', (how, line) => {
    expect(describeStopping({ ...NOTHING, ...how })).toBe(line);
  });
});
