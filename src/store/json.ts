import { OptioError } from '../errors.ts';

/**
 * Data as it stands in a column. `undefined` and `null` are both kept as nothing. `field`: what holds it. Throws `invalid-input`
 * that names it, where that cannot be written.
 */
export function toJson(value: unknown, field: string): string | null {
  if (value === undefined || value === null) return null;
  try {
    const text = JSON.stringify(value) as string | undefined;
    if (text !== undefined) return text;
  } catch (cause) {
    throw noJson(field, (cause as Error).message, cause);
  }
  throw noJson(field, `it is a ${typeof value}`); // which would be lost without a word
}

function noJson(field: string, why: string, cause?: unknown): OptioError {
  return new OptioError('invalid-input', `${field}: it cannot be written as JSON: ${why}`, {
    field,
    remedy: 'Give plain data: objects, lists, texts, numbers, true, false or null.',
    ...(cause !== undefined && { cause }),
  });
}

export function fromJson(text: string | null): unknown {
  return text === null ? null : JSON.parse(text);
}
