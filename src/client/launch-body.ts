import type { z } from 'zod';
import type { LaunchOptions, RunOptions } from '../contract/api.ts';
import type { launchOptionsSchema, runOptionsSchema } from '../contract/launch-options.ts';
import { OptioError } from '../errors.ts';

/** What there is to say of a launch, as it crosses the API. Throws `invalid-input` for a time that is none. */
export function launchBody({
  idempotencyKey: _,
  notBefore,
  ...others
}: LaunchOptions): z.output<typeof launchOptionsSchema> {
  return { ...others, ...(notBefore && { notBefore: isoOf(notBefore) }) };
}

/** The same for a run of a spec. */
export function runBody({ rules, ...options }: RunOptions): z.output<typeof runOptionsSchema> {
  return { ...launchBody(options), ...(rules && { rules: [...rules] }) };
}

function isoOf(time: Date): string {
  if (!Number.isNaN(time.getTime())) return time.toISOString();
  throw new OptioError('invalid-input', 'notBefore: the Date holds no time', {
    field: 'notBefore',
    remedy: 'Give a Date that holds one.',
  });
}
