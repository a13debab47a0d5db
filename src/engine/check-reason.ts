import { reasonSchema } from '../contract/tags.ts';
import { OptioError } from '../errors.ts';

/** Throws `invalid-input` for a reason that cannot be written down, or says nothing. */
export function checkReason(field: string, reason: string): void {
  const issue = reasonSchema.safeParse(reason).error?.issues[0];
  if (!issue) return;
  throw new OptioError('invalid-input', `${field}: ${issue.message}`, {
    field,
    remedy: 'Say it in a text that can be read.',
  });
}
