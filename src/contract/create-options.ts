import { z } from 'zod';
import { OptioError } from '../errors.ts';

export interface CreateOptions {
  /**
   * Names what is made (1 to 200 characters, none of them a control character): with the same key again it is not made a second
   * time, and what was made is given, as long as that is there. Throws `key-reused` when it was something else.
   */
  readonly idempotencyKey?: string;
}

const idempotencyKeySchema = z
  .string()
  .min(1, { error: 'it is empty' })
  .max(200, { error: 'it has more than 200 characters' })
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  .refine((key) => !/[\u0000-\u001f\u007f-\u009f]/.test(key), { error: 'it holds a control character' });

/** Throws `invalid-input` for what cannot be a key. */
export function checkIdempotencyKey(key: string): void {
  const issue = idempotencyKeySchema.safeParse(key).error?.issues[0];
  if (!issue) return;
  throw new OptioError('invalid-input', `idempotencyKey: ${issue.message}`, {
    field: 'idempotencyKey',
    remedy: 'Give 1 to 200 characters that can be printed, such as a UUID.',
  });
}

/** Something else was made, or sent, with this key. */
export function keyReused(key: string, what: string): OptioError {
  return new OptioError('key-reused', `the idempotency key "${key}" was given before, for ${what}`, {
    field: 'idempotencyKey',
    remedy: 'Take a new key for each thing that is to be made.',
  });
}
