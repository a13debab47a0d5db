import { OptioError } from '../errors.ts';

/** Data as it stands in a column. `undefined` and `null` are both kept as nothing. */
export function toJson(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  try {
    return JSON.stringify(value);
  } catch (cause) {
    throw new OptioError('invalid-input', `it cannot be written as JSON: ${(cause as Error).message}`, { cause });
  }
}

export function fromJson(text: string | null): unknown {
  return text === null ? null : JSON.parse(text);
}
