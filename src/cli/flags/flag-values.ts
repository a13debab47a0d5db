import { InvalidArgumentError } from 'commander';
import { MAX_WAIT_MS } from '../../contract/run-spec.ts';

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000 };

/** A flag that may be said several times. */
export function collect(value: string, earlier: string[] = []): string[] {
  return [...earlier, value];
}

/** Collects `NAME=VALUE` of a flag that may be given several times, once for each name: nothing has two values. */
export function collectPair(value: string, earlier: Readonly<Record<string, string>> = {}): Record<string, string> {
  const at = value.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('Say NAME=VALUE.');
  const name = value.slice(0, at);
  if (Object.hasOwn(earlier, name))
    throw new InvalidArgumentError(`Say ${name} once: it has "${earlier[name]}" already.`);
  return { ...earlier, [name]: value.slice(at + 1) };
}

/** A duration such as `90s`, `10m`, `2h` or `7d`, in milliseconds. */
export function readDuration(value: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)\s*([a-z]+)$/.exec(value.trim()) ?? [];
  const ms = Math.round(Number(number) * (UNITS[unit ?? ''] ?? Number.NaN));
  if (ms > 0) return ms;
  throw new InvalidArgumentError('Say a number and its unit: 90s, 10m, 2h or 7d.');
}

/** A duration that can be waited for, in milliseconds. */
export function readWait(value: string): number {
  const ms = readDuration(value);
  if (ms <= MAX_WAIT_MS) return ms;
  throw new InvalidArgumentError('That is too long: 24 days at most.');
}

/** A whole number above 0. */
export function readCount(value: string): number {
  const number = Number(value);
  if (Number.isSafeInteger(number) && number > 0) return number;
  throw new InvalidArgumentError('Give a whole number above 0.');
}

/** Minutes, also parts of one, in whole milliseconds. */
export function readMinutes(value: string): number {
  const ms = Math.round(Number(value) * 60_000);
  if (Number.isSafeInteger(ms) && ms > 0) return ms;
  throw new InvalidArgumentError('Give a number of minutes above 0.');
}
