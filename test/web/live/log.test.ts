import { expect, test } from 'vitest';
import type { RunEventBody } from '../../../src/contract/event.ts';
import { Log, linesShown, logAsText } from '../../../web/src/live/log.ts';

const AT = '2026-11-22T10:00:00.000Z';

function logOf(...events: readonly RunEventBody[]): Log {
  const log = new Log();
  for (const [at, event] of events.entries()) log.add({ seq: at + 1, at: AT, ...event });
  return log;
}
const notice = (level: 'info' | 'warning' | 'error', message: string, remedy?: string): RunEventBody => ({
  type: 'notice',
  level,
  message,
  ...(remedy !== undefined && { remedy }),
});

test('a log has what people were told, and nothing of what Codex did', () => {
  const { lines } = logOf(
    { type: 'run.state', state: 'running' },
    { type: 'turn.started', turnId: 't' },
    notice('warning', 'the disk is nearly full', 'Make space.'),
    { type: 'progress', percent: 41.6, message: 'half of it' },
    { type: 'progress', percent: null, message: null },
    { type: 'run.state', state: 'paused', pause: { reason: 'wish', message: 'for lunch' } },
  );
  expect(lines.map(({ seq, level, text, remedy }) => [seq, level, text, remedy])).toEqual([
    [1, 'info', 'running', null],
    [3, 'warning', 'the disk is nearly full', 'Make space.'],
    [4, 'progress', '42 % · half of it', null],
    [6, 'info', 'paused: for lunch', null],
  ]);
});

test('one sees the levels that one wants, and the lines with all words', () => {
  const { lines } = logOf(notice('info', 'Begun'), notice('error', 'It broke', 'Mend it'), notice('error', 'Gone'));
  const shown = (...given: [Parameters<typeof linesShown>[1], string]) =>
    linesShown(lines, ...given).map(({ seq }) => seq);
  expect([
    shown([], ''),
    shown(['error'], ''),
    shown(['info', 'error'], 'MEND broke'),
    shown(['info'], 'mend'),
  ]).toEqual([[1, 2, 3], [2, 3], [2], []]);
  expect(logAsText(lines.slice(1))).toBe(`${AT} error It broke (Mend it)\n${AT} error Gone\n`);
});

test('of a log without end the newest lines are kept', () => {
  const log = new Log();
  for (let seq = 1; seq <= 10_001; seq++) log.add({ seq, at: AT, type: 'notice', level: 'info', message: `${seq}` });
  expect([log.lines.length, log.lines[0]?.seq, log.lines.at(-1)?.seq]).toEqual([5_000, 5_002, 10_001]);
  log.clear();
  expect(log.lines).toEqual([]);
});
