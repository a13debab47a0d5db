import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import type { RouteSpec } from '../contract/route.ts';
import { type BodyLimits, readFileBody, readJson } from './body.ts';
import { invalidInput } from './http-error.ts';

const NOTHING = z.strictObject({});

/** The values behind the `?`, as the route says. Throws `invalid-input` with the field that is at fault. */
export function readQuery(given: URLSearchParams, { query = NOTHING }: RouteSpec): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const name of new Set(given.keys())) {
    const all = given.getAll(name);
    checkText(name, all.join());
    const field = Object.hasOwn(query.shape, name) ? withoutOptional(query.shape[name]) : undefined;
    const isList = field instanceof z.ZodArray;
    if (!isList && all.length > 1) throw invalidInput(name, 'it is given more than once', 'Give it once.');
    const [one = ''] = all;
    const value = isList ? all : field instanceof z.ZodNumber ? wholeNumber(name, one) : one;
    Object.defineProperty(values, name, { value, enumerable: true }); // even for `__proto__`
  }
  return parse(query, values, 'query');
}

/** The body of a request, as the route says; one that takes none gets along with `{}`. Throws `invalid-input`, `message-too-large`. */
export async function readBody(incoming: IncomingMessage, { body }: RouteSpec, limits: BodyLimits): Promise<unknown> {
  if (body === 'bytes') return readFileBody(incoming, limits);
  const value = await readJson(incoming, limits);
  const parsed = parse(body ?? NOTHING, value ?? {}, 'body');
  return body === undefined ? undefined : parsed;
}

/** The parameters in the path. Throws `invalid-input`. */
export function readParams(given: Record<string, string>): Record<string, string> {
  for (const [name, value] of Object.entries(given)) checkText(name, value);
  return given;
}

/** The option that an `Idempotency-Key` is. Throws `invalid-input` for one that is none. */
export function readKey({ headers }: IncomingMessage): { readonly idempotencyKey?: string } {
  const key = headers['idempotency-key'];
  if (key === undefined) return {};
  if (typeof key === 'string' && /^[\x20-\x7e]{1,200}$/.test(key)) return { idempotencyKey: key };
  const given = JSON.stringify(String(key).slice(0, 50));
  throw invalidInput(
    'Idempotency-Key',
    `${given} is not 1 to 200 printable ASCII characters`,
    'Give a UUID, for example.',
  );
}

function parse<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const { data, error } = schema.safeParse(value);
  if (!error) return data as T;
  const [issue] = error.issues;
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
  const field = [...(issue?.path ?? []), ...unknown].join('.') || what;
  const message = unknown.length > 0 ? 'there is no such field' : (issue?.message ?? 'it is not what it has to be');
  throw invalidInput(field, message, 'Correct it as the message says; nothing was done.');
}

function withoutOptional(schema: unknown): unknown {
  return schema instanceof z.ZodOptional ? withoutOptional(schema.unwrap()) : schema;
}

/** A number as people write it: `Number` would take nothing for 0, and 0x10 for 16. */
function wholeNumber(field: string, text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw invalidInput(field, `${JSON.stringify(text)} is not a whole number`, 'Give digits only, 15 at most.');
}

function checkText(field: string, text: string): void {
  if (text.includes('\0')) throw invalidInput(field, 'it holds a NUL character', 'Leave that out.');
}
