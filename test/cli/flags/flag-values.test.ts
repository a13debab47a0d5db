import { describe, expect, it } from 'vitest';
import { collectPair, readCount, readDuration, readMinutes, readWait } from '../../../src/cli/flags/flag-values.ts';

describe('the values of flags', () => {
  it('collects pairs, and takes a name of any kind as a name', () => {
    const pairs = ['team=red', 'why=a=b', '__proto__=x', 'empty='].reduce(
      (earlier, value) => collectPair(value, earlier),
      {},
    );
    expect(Object.entries(pairs)).toEqual([
      ['team', 'red'],
      ['why', 'a=b'],
      ['__proto__', 'x'],
      ['empty', ''],
    ]);
  });

  it.each([
    ['90s', 90_000],
    ['1.5m', 90_000],
    ['10min', 600_000],
    ['2h', 7_200_000],
    ['7d', 604_800_000],
  ])('reads the duration %s', (text, ms) => {
    expect(readDuration(text)).toBe(ms);
  });

  it.each([
    ['a pair without a name', () => collectPair('=red'), /NAME=VALUE/],
    ['a second value for a name', () => collectPair('a=2', collectPair('a=1')), /Say a once: it has "1" already/],
    ['a pair without a value', () => collectPair('red'), /NAME=VALUE/],
    ['a duration without a unit', () => readDuration('90'), /its unit/],
    ['a duration of nothing', () => readDuration('0s'), /its unit/],
    ['a duration of no number', () => readDuration('1e3s'), /its unit/],
    ['a wait that no timer waits', () => readWait('25d'), /24 days/],
    ['half a turn', () => readCount('0.5'), /whole number/],
    ['no turn', () => readCount('0'), /whole number/],
    ['nothing', () => readCount(''), /whole number/],
    ['no minutes', () => readMinutes('0'), /above 0/],
    ['minutes that are none', () => readMinutes('ten'), /above 0/],
  ])('refuses %s', (_what, read, message) => {
    expect(read).toThrow(message);
  });

  it('takes parts of a minute', () => {
    expect(readMinutes('1.5')).toBe(90_000);
  });
});
