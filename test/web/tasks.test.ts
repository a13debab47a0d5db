import { describe, expect, it } from 'vitest';
import { local, relative } from '../../web/src/design/moment.ts';
import { missingIn, paramFormOf, paramsOf } from '../../web/src/tasks/params.ts';
import { placeholdersOf } from '../../web/src/tasks/placeholders.ts';
import { rulesInWords, scheduleInWords } from '../../web/src/tasks/schedule-words.ts';

describe('a schedule in words', () => {
  it.each([
    ['* * * * *', 'Every minute'],
    ['*/15 * * * *', 'Every 15 minutes'],
    ['0 * * * *', 'Every hour'],
    ['@hourly', 'Every hour'],
    ['5 * * * *', 'Every hour at 5 minutes past'],
    ['0 */6 * * *', 'Every 6 hours'],
    ['0 6 * * *', 'Daily at 06:00'],
    ['@daily', 'Daily at 00:00'],
    ['30 6,18 * * *', 'Daily at 06:30 and 18:30'],
    ['0 6 * * 1-5', 'On working days at 06:00'],
    ['0 6 * * MON-FRI', 'On working days at 06:00'],
    ['0 10 * * 6,0', 'At weekends at 10:00'],
    ['0 10 * * 0-7', 'Daily at 10:00'],
    ['@weekly', 'On Sunday at 00:00'],
    ['0 8 * * 5-1', 'On Monday, Friday, Saturday, and Sunday at 08:00'],
    ['*/30 * * * 1', 'Every 30 minutes, on Monday'],
    ['@monthly', 'On the 1st of each month at 00:00'],
    ['0 9 2,13,23 * *', 'On the 2nd, 13th, and 23rd of each month at 09:00'],
    ['0 9 L * *', 'On the last day of each month at 09:00'],
    ['@yearly', 'On the 1st of January at 00:00'],
    ['0 9 * 3,OCT *', 'Each day of March and October at 09:00'],
    ['0 9 * 12 1', 'On Monday in December at 09:00'],
  ])('says %s', (cron, words) => {
    expect(scheduleInWords({ cron })).toBe(words);
  });

  it.each(['*/7 * * * *', '0 9 13 * 5', '0 0 9 * * *', '0 9 * * 5#2', '0 9-17 * * *', '99 9 * * *', 'sometimes'])(
    'leaves as it is what it cannot say for certain: %s',
    (cron) => {
      expect(scheduleInWords({ cron })).toBe(cron);
    },
  );

  it('names the zone, and what is not as usual', () => {
    expect(scheduleInWords({ cron: '0 6 * * *', timeZone: 'Europe/Berlin' })).toBe('Daily at 06:00 (Europe/Berlin)');
    expect(rulesInWords({ cron: '@daily' })).toEqual([]);
    expect(rulesInWords({ cron: '@daily', misfire: 'skip', overlap: 'cancelPrevious' })).toHaveLength(2);
  });
});

describe('the params of a launch', () => {
  const definition = {
    config: { instructions: 'Port {{file}} to {{ language }}, {{file}} only' },
    params: { language: 'Rust', tries: 3 },
  };

  it('have a field for each place, and for what the task gives by itself', () => {
    expect(placeholdersOf(definition.config.instructions)).toEqual(['file', 'language']);
    expect(paramFormOf(definition)).toEqual({
      kind: 'fields',
      names: ['file', 'language', 'tries'],
      values: { language: 'Rust', tries: '3' },
    });
  });

  it('stay what they are unless they are typed anew', () => {
    const form = paramFormOf(definition);
    if (form.kind !== 'fields') throw new Error('it has fields');
    expect(missingIn(form, definition)).toEqual(['file']);
    const typed = { ...form, values: { ...form.values, file: 'a.py', language: '' } };
    expect(paramsOf(typed, definition)).toEqual({ file: 'a.py', tries: 3 });
    expect(missingIn(typed, definition)).toEqual(['language']);
  });

  it('are JSON where they are nested, or where nothing is known of them', () => {
    const nested = { ...definition, params: { files: ['a', 'b'] } };
    const form = paramFormOf(nested);
    expect(form.kind).toBe('json');
    expect(paramsOf(form, nested)).toEqual({ files: ['a', 'b'] });
    expect(paramFormOf(null)).toEqual({ kind: 'json', text: '' });
    expect(paramsOf({ kind: 'json', text: ' ' }, null)).toBeUndefined();
    expect(() => paramsOf({ kind: 'json', text: '{' }, null)).toThrow(SyntaxError);
  });
});

describe('a time', () => {
  const now = new Date('2026-03-01T12:00:00Z');
  const said = (ms: number) => relative(new Date(now.getTime() + ms), now);

  it('is said from now on', () => {
    expect([said(-5_000), said(20_000), said(90_000), said(-7_200_000), said(3 * 86_400_000)]).toEqual([
      'just now',
      'in less than a minute',
      'in 2 minutes',
      '2 hours ago',
      'in 3 days',
    ]);
  });

  it('is shown with its year where that is another one', () => {
    expect(local(new Date('2026-03-02T06:00:00Z'), now, 'UTC')).toBe('Mon 2 Mar, 06:00');
    expect(local(new Date('2027-03-02T06:00:00Z'), now, 'UTC')).toContain('2027');
  });
});
