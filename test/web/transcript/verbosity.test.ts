import { describe, expect, it } from 'vitest';
import type { Row } from '../../../web/src/run/transcript/row.ts';
import { Shortening, type Verbosity } from '../../../web/src/run/transcript/verbosity.ts';
import { workInWords } from '../../../web/src/run/transcript/work.ts';
import { inShort, realJournal, rowsOf } from './journals.ts';

const shorten = (verbosity: Verbosity, ...unfolded: string[]): readonly Row[] =>
  new Shortening((key) => unfolded.includes(key)).of(rowsOf(realJournal('work')), verbosity);

describe('how much is shown', () => {
  it('is everything, as it is', () => {
    expect(inShort(shorten('everything'))).toEqual(inShort(rowsOf(realJournal('work'))));
  });

  it('is, with the work folded, one row for all that lies between two messages', () => {
    expect(inShort(shorten('folded'))).toEqual([
      'userMessage',
      'work',
      'plan',
      'work',
      'agentMessage',
      'work',
      'request answered',
      'agentMessage',
      'end of turn: completed',
      'end',
    ]);
  });

  it('is what was folded, below its row, once that is unfolded', () => {
    const work = shorten('folded').filter(({ kind }) => kind === 'work')[2];
    const rows = shorten('folded', work?.key ?? '');
    const at = rows.findIndex(({ key }) => key === work?.key);
    expect(inShort(rows.slice(at, at + 4))).toEqual(['work', '>fileChange', '>command', 'request answered']);
  });

  it('is what was said, and what waits for an answer, with messages only', () => {
    expect(inShort(shorten('messages'))).toEqual([
      'userMessage',
      'agentMessage',
      'agentMessage',
      'end of turn: completed',
      'end',
    ]);
    const asking = realJournal('refused').slice(0, 13);
    expect(asking.at(-1)?.type).toBe('request.opened');
    const rows = new Shortening(() => false).of(rowsOf(asking), 'messages');
    expect(inShort(rows)).toContain('request open');
  });

  it('keeps folded work the same object while nothing is added to it', () => {
    const rows = rowsOf(realJournal('work'));
    const shortening = new Shortening(() => false);
    expect(shortening.of(rows, 'folded')[1]).toBe(shortening.of(rows, 'folded')[1]);
  });
});

describe('folded work', () => {
  it('is told in words', () => {
    const works = shorten('folded').flatMap((row) => (row.kind === 'work' ? [workInWords(row.items)] : []));
    expect(works).toEqual([
      { now: null, done: 'Thought' },
      { now: null, done: 'Ran 1 command' },
      { now: null, done: 'Ran 1 command, changed files once' },
    ]);
  });

  it('says what is under way', () => {
    const running = realJournal('interrupted').slice(0, 12);
    expect(running.at(-1)).toMatchObject({ type: 'item.started', item: { kind: 'command' } });
    const [work] = new Shortening(() => false)
      .of(rowsOf(running), 'folded')
      .flatMap((row) => (row.kind === 'work' ? [row] : []));
    expect(workInWords(work?.items ?? []).now).toMatch(/^Running /);
  });
});
