import type { ScheduleRules } from '../../../src/contract/schedule.ts';

const NAMED: Readonly<Record<string, string>> = {
  '@hourly': '0 * * * *',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@weekly': '0 0 * * 0',
  '@monthly': '0 0 1 * *',
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
};
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const DAY_NAMES = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** A schedule as one says it, where that is short and certain; otherwise as it is written. */
export function scheduleInWords({ cron, timeZone }: Pick<ScheduleRules, 'cron' | 'timeZone'>): string {
  const words = wordsOf(NAMED[cron.trim().toLowerCase()] ?? cron.trim()) ?? cron.trim();
  return timeZone === undefined ? words : `${words} (${timeZone})`;
}

/** What becomes of times that were missed or overlap; what it does unless told otherwise is not said. */
export function rulesInWords({ misfire = 'once', overlap }: ScheduleRules): string[] {
  const missed = {
    once: undefined,
    skip: 'missed times are skipped',
    all: 'each missed time is launched',
  }[misfire];
  const during = {
    skip: undefined,
    queue: 'a run waits for the one before',
    cancelPrevious: 'a run cancels the one before',
  }[overlap ?? 'skip'];
  return [missed, during].filter((words) => words !== undefined);
}

function wordsOf(cron: string): string | undefined {
  const parts = cron.split(/\s+/);
  if (parts.length !== 5) return undefined; // with seconds, or none at all
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = parts;
  const time = timeOf(minute, hour);
  const on = dateOf(day, month, weekday);
  if (time === undefined || on === undefined) return undefined;
  if (on === '') return isEvery(time) ? capital(time) : `Daily ${time}`;
  return capital(isEvery(time) ? `${time}, ${on}` : `${on} ${time}`);
}

function timeOf(minute: string, hour: string): string | undefined {
  if (minute === '*' && hour === '*') return 'every minute';
  const everyMinutes = stepOf(minute, 59);
  if (everyMinutes !== undefined && hour === '*' && 60 % everyMinutes === 0) return `every ${everyMinutes} minutes`;
  const at = numberIn(minute, 0, 59);
  if (at === undefined) return undefined;
  if (hour === '*') return at === 0 ? 'every hour' : `every hour at ${at} ${at === 1 ? 'minute' : 'minutes'} past`;
  const everyHours = stepOf(hour, 23);
  if (everyHours !== undefined && 24 % everyHours === 0)
    return at === 0 ? `every ${everyHours} hours` : `every ${everyHours} hours at ${at} past`;
  const hours = hour.split(',').map((text) => numberIn(text, 0, 23));
  if (hours.some((one) => one === undefined)) return undefined;
  return `at ${enumerate(hours.map((one) => `${pad(one ?? 0)}:${pad(at)}`))}`;
}

/** Empty for each day; with both a day of the month and one of the week it takes a sentence, which nobody reads. */
function dateOf(day: string, month: string, weekday: string): string | undefined {
  const isEveryDay = day === '*' || day === '?';
  const isEveryWeekday = weekday === '*' || weekday === '?';
  if (!isEveryDay && !isEveryWeekday) return undefined;
  const inMonth = monthOf(month);
  if (inMonth === undefined) return undefined;
  const days = isEveryDay ? (isEveryWeekday ? '' : weekdaysOf(weekday)) : daysOf(day);
  if (days === undefined) return undefined;
  if (inMonth === '') return days === '' || isEveryDay ? days : `${days} of each month`;
  return days === '' ? `each day of ${inMonth}` : isEveryDay ? `${days} in ${inMonth}` : `${days} of ${inMonth}`;
}

function weekdaysOf(text: string): string | undefined {
  const days = text.split(',').flatMap((part) => {
    const [from = '', to, ...rest] = part.split('-');
    const first = weekdayOf(from);
    const last = to === undefined ? first : weekdayOf(to);
    if (first === undefined || last === undefined || rest.length > 0) return [undefined];
    const end = last < first ? last + 7 : last;
    return Array.from({ length: end - first + 1 }, (_, index) => (first + index) % 7);
  });
  if (days.some((one) => one === undefined)) return undefined;
  const set = [...new Set(days as number[])].sort((a, b) => ((a + 6) % 7) - ((b + 6) % 7));
  if (set.join() === '1,2,3,4,5') return 'on working days';
  if (set.join() === '6,0') return 'at weekends';
  if (set.length === 7) return '';
  return `on ${enumerate(set.map((one) => DAYS[one] as string))}`;
}

function weekdayOf(text: string): number | undefined {
  const named = DAY_NAMES.indexOf(text.toUpperCase());
  if (named >= 0) return named;
  return numberIn(text, 0, 7); // Sunday is both
}

function daysOf(text: string): string | undefined {
  if (text === 'L') return 'on the last day';
  const days = text.split(',').map((part) => numberIn(part, 1, 31));
  if (days.some((one) => one === undefined)) return undefined;
  return `on the ${enumerate(days.map((one) => ordinal(one ?? 0)))}`;
}

function monthOf(text: string): string | undefined {
  if (text === '*') return '';
  const months = text.split(',').map((part) => {
    const named = MONTHS.findIndex((month) => month.slice(0, 3).toUpperCase() === part.toUpperCase());
    return named >= 0 ? named + 1 : numberIn(part, 1, 12);
  });
  if (months.some((one) => one === undefined)) return undefined;
  return enumerate(months.map((one) => MONTHS[(one ?? 1) - 1] as string));
}

function stepOf(text: string, most: number): number | undefined {
  const [, step] = /^\*\/(\d+)$/.exec(text) ?? [];
  return step === undefined ? undefined : numberIn(step, 2, most);
}

function numberIn(text: string, least: number, most: number): number | undefined {
  if (!/^\d{1,2}$/.test(text)) return undefined;
  const number = Number(text);
  return number >= least && number <= most ? number : undefined;
}

function isEvery(time: string): boolean {
  return time.startsWith('every');
}

function ordinal(number: number): string {
  const isTeen = number >= 11 && number <= 13;
  return `${number}${isTeen ? 'th' : (['th', 'st', 'nd', 'rd'][number % 10] ?? 'th')}`;
}

function enumerate(words: readonly string[]): string {
  return new Intl.ListFormat('en', { type: 'conjunction' }).format(words);
}

function pad(number: number): string {
  return String(number).padStart(2, '0');
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
