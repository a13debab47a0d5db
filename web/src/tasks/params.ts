import { placeholdersOf } from './placeholders.ts';

/** How one gives the params of a launch: by a field for each place in the instructions, or as JSON where that does not fit. */
export type ParamForm =
  | { readonly kind: 'fields'; readonly names: readonly string[]; readonly values: Readonly<Record<string, string>> }
  | { readonly kind: 'json'; readonly text: string };

/** The form for a task, with what it says by itself filled in. */
export function paramFormOf(definition: unknown): ParamForm {
  const { config, params } = (definition ?? {}) as { config?: { instructions?: string }; params?: unknown };
  const names = new Set(placeholdersOf(config?.instructions ?? ''));
  if (params !== undefined && params !== null) {
    if (!isFlat(params)) return { kind: 'json', text: JSON.stringify(params, null, 2) };
    for (const name of Object.keys(params)) names.add(name);
  }
  if (names.size === 0) return { kind: 'json', text: '' };
  const values = Object.entries(params ?? {}).map(([name, value]) => [name, String(value)]);
  return { kind: 'fields', names: [...names], values: Object.fromEntries(values) };
}

/**
 * What a launch is given. A field that was left as the task has it keeps its type. Throws a `SyntaxError` for what is no JSON.
 * Nothing, where nothing was said: then what the task says holds.
 */
export function paramsOf(form: ParamForm, definition: unknown): unknown {
  if (form.kind === 'json') return form.text.trim() === '' ? undefined : JSON.parse(form.text);
  const { params: before } = (definition ?? {}) as { params?: Record<string, unknown> };
  const given = form.names.flatMap((name): [string, unknown][] => {
    const typed = form.values[name] ?? '';
    if (before && name in before && String(before[name]) === typed) return [[name, before[name]]];
    return typed === '' ? [] : [[name, typed]];
  });
  return given.length === 0 ? undefined : Object.fromEntries(given);
}

/** The places for which nothing is given: they would stay in the instructions as they are written. */
export function missingIn(form: ParamForm, definition: unknown): string[] {
  if (form.kind === 'json') return [];
  const { config } = (definition ?? {}) as { config?: { instructions?: string } };
  return placeholdersOf(config?.instructions ?? '').filter((name) => (form.values[name] ?? '') === '');
}

function isFlat(params: unknown): params is Record<string, string | number | boolean> {
  return (
    typeof params === 'object' &&
    params !== null &&
    !Array.isArray(params) &&
    Object.values(params).every((value) => ['string', 'number', 'boolean'].includes(typeof value))
  );
}
