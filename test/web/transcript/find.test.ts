import { describe, expect, it } from 'vitest';
import { nameInAddress, nameOf } from '../../../web/src/run/transcript/addresses.ts';
import { findRows } from '../../../web/src/run/transcript/find.ts';
import { hidingPlace } from '../../../web/src/run/transcript/hidden-places.ts';
import { ALL } from '../../../web/src/run/transcript/output/steps.ts';
import { whereIs } from '../../../web/src/run/transcript/reveal.ts';
import { Shortening } from '../../../web/src/run/transcript/verbosity.ts';
import { inShort, realJournal, rowsOf } from './journals.ts';

describe('looking for a text', () => {
  const rows = rowsOf(realJournal('work'));

  it('finds it in whatever is written, in either case', () => {
    expect(inShort(findRows(rows, 'NEW.TXT'))).toContain('fileChange');
    expect(inShort(findRows(rows, 'there may be'))).toEqual(['reasoning']);
  });

  it('takes signs for what they are', () => {
    expect(findRows(rows, '.*')).toEqual([]);
    expect(findRows(rows, '(')).toBeInstanceOf(Array);
  });

  it('finds nothing while nothing is looked for', () => {
    expect(findRows(rows, '')).toEqual([]);
  });

  it('finds what is folded away, by the row in which it lies', () => {
    const folded = new Shortening(() => false).of(rows, 'folded');
    expect(inShort(findRows(folded, 'new.txt'))).toContain('work');
    expect(inShort(findRows(rowsOf(realJournal('sub-agent')), 'There is no readme'))).toContain('agent');
  });
});

describe('a row that an address names', () => {
  const item = (name: string) =>
    realJournal(name).flatMap((event) => ('item' in event && event.item.kind === 'command' ? [event.item.id] : []));
  const [command = ''] = item('work');

  it('is at its place', () => {
    const rows = rowsOf(realJournal('work'));
    expect(whereIs(rows, command)).toEqual({ index: 6, key: command });
  });

  it('lies in work that is folded, and then below it', () => {
    const rows = rowsOf(realJournal('work'));
    const where = whereIs(new Shortening(() => false).of(rows, 'folded'), command);
    if (!where || !('foldedIn' in where)) throw new Error('it is not folded');
    const unfolded = new Shortening((key) => key === where.foldedIn).of(rows, 'folded');
    const found = whereIs(unfolded, command);
    if (!found || !('index' in found)) throw new Error('it is not unfolded');
    expect(nameOf(unfolded[found.index]?.key ?? '')).toBe(command);
  });

  it('lies in what a sub-agent did', () => {
    const [inAgent = ''] = item('sub-agent');
    expect(whereIs(rowsOf(realJournal('sub-agent')), inAgent)).toMatchObject({
      foldedIn: expect.stringMatching(/^agent\//),
    });
  });

  it('may be none', () => {
    expect(whereIs(rowsOf(realJournal('work')), 'nothing')).toBeNull();
    expect(nameInAddress('#login=abc')).toBeNull();
    expect(nameInAddress('#item-%E0%A4%A')).toBeNull();
    expect(nameInAddress('#item-a%2Fb')).toBe('a/b');
  });
});

describe('what was found and is left out of what is shown', () => {
  const row = rowsOf(realJournal('work')).find((one) => one.kind === 'item' && one.item.kind === 'command');
  const withOutput = (output: string) => {
    if (row?.kind !== 'item' || row.item.kind !== 'command') throw new Error('there is no command');
    return { ...row, item: { ...row.item, command: 'seq', output } };
  };

  it('is unfolded: all of an output, unless its end has it', () => {
    const output = Array.from({ length: 100 }, (_, at) => `line ${at}.`).join('\n');
    expect(hidingPlace(withOutput(output), 'LINE 3.')).toMatchObject({ steps: ALL });
    expect(hidingPlace(withOutput(output), 'line 99.')).toBeNull();
    expect(hidingPlace(withOutput(output), 'seq')?.key).toMatch(/^command\//);
  });
});
