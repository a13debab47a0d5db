import type { FieldValue, FormField } from './form-fields.ts';

export interface FilledForm {
  /** What the schema asks for. Only to be used when there are no problems. */
  readonly content: Record<string, unknown>;
  /** What is wrong with a field, by its name. */
  readonly problems: Readonly<Record<string, string>>;
}

/** What somebody has filled in, as the schema wants it; a field that is left empty and not required is left out. */
export function contentOf(fields: readonly FormField[], values: Readonly<Record<string, FieldValue>>): FilledForm {
  const content: Record<string, unknown> = {};
  const problems: Record<string, string> = {};
  for (const field of fields) {
    const { value, problem } = readField(field, Object.hasOwn(values, field.name) ? values[field.name] : field.initial);
    if (problem !== undefined) problems[field.name] = problem;
    else if (value !== undefined)
      Object.defineProperty(content, field.name, { value, enumerable: true, configurable: true, writable: true });
  }
  return { content, problems };
}

interface Read {
  readonly value?: unknown;
  readonly problem?: string;
}

function readField({ input, isRequired }: FormField, given: FieldValue | undefined): Read {
  if (input.kind === 'yesNo') return { value: given === true };
  if (input.kind === 'choice') {
    const chosen = Array.isArray(given) ? given.map((at) => input.options[at]?.value) : [];
    if (chosen.length === 0) return isRequired ? { problem: 'Choose one.' } : {};
    return { value: input.isMany ? chosen : chosen[0] };
  }
  const text = typeof given === 'string' ? given : '';
  if (text.trim() === '') return isRequired ? { problem: 'It has to be filled in.' } : {};
  if (input.kind === 'number') return numberOf(input, text);
  if (input.kind === 'json') return jsonOf(text);
  return textOf(input, text);
}

function numberOf({ isWhole, min, max }: { isWhole: boolean; min?: number; max?: number }, text: string): Read {
  const value = Number(text);
  if (!Number.isFinite(value)) return { problem: 'It has to be a number.' };
  if (isWhole && !Number.isInteger(value)) return { problem: 'It has to be a whole number.' };
  if (min !== undefined && value < min) return { problem: `It has to be ${min} at least.` };
  if (max !== undefined && value > max) return { problem: `It has to be ${max} at most.` };
  return { value };
}

function jsonOf(text: string): Read {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return { problem: 'It has to be JSON.' };
  }
}

function textOf({ type, limits }: Extract<FormField['input'], { kind: 'text' }>, text: string): Read {
  const { minLength, maxLength, pattern } = limits;
  if (minLength !== undefined && text.length < minLength)
    return { problem: `It has to have ${minLength} characters at least.` };
  if (maxLength !== undefined && text.length > maxLength)
    return { problem: `It has to have ${maxLength} characters at most.` };
  if (pattern !== undefined && !fits(pattern, text)) return { problem: `It has to look like ${pattern}` };
  if (type === 'email' && !/^[^\s@]+@[^\s@]+$/.test(text)) return { problem: 'It has to be an e-mail address.' };
  if (type === 'url' && !URL.canParse(text))
    return { problem: 'It has to be an address, such as https://example.org.' };
  if (type === 'datetime-local') {
    const time = new Date(text);
    return Number.isNaN(time.getTime())
      ? { problem: 'It has to be a date and a time.' }
      : { value: time.toISOString() };
  }
  return { value: text };
}

/** A pattern that is none holds nobody up: the server that wrote it will say what it wants. */
function fits(pattern: string, text: string): boolean {
  try {
    return new RegExp(pattern, 'u').test(text);
  } catch {
    return true;
  }
}
