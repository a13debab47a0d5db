import fc, { type Arbitrary } from 'fast-check';
import { BAD_TEXTS, spoiled } from './bad-values.ts';
import { type NamedSchemas, valuesOf } from './schema-values.ts';
import type { ServedOperation, ServedParameter } from './served-document.ts';

/** A request as it goes over the wire; text stands for bytes. */
export interface RawRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface RequestsOptions {
  readonly path: string;
  readonly method: string;
  readonly operation: ServedOperation;
  readonly named: NamedSchemas;
  /** A body that is known to be a proper one, where it takes one. */
  readonly example: unknown;
  /** What there is to act on, by the names of parameters: `run`, `task` and so on. */
  readonly references: References;
  /** What there is to be read and nothing else, besides. */
  readonly readable: References;
  /** Tokens, and what lets nobody in. */
  readonly authorizations: readonly string[];
}

type References = Readonly<Record<string, readonly string[]>>;

const JSON_TYPE = 'application/json';
const TYPES = [
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  '',
  'json',
  `${JSON_TYPE}; charset=utf-16`,
];
export const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'PROPFIND', 'TRACE'];
/** Nothing that is JSON in UTF-8 with so many brackets. */
export const BAD_BODIES = [
  '{',
  '{"a":1}}',
  '[[[',
  'null',
  '"text"',
  '[]',
  '1e999',
  'NaN',
  '{"__proto__":{"role":"admin"}}',
  '\xef\xbb\xbf{}',
  '{"reason":"\xff\xfe"}',
  '{"a":"\xc0\x80"}',
  '{"a":"\xed\xa0\x80"}',
  '{"a":1,"a":2}',
  '['.repeat(5_000),
  `{"params":${'['.repeat(20_000)}${']'.repeat(20_000)}}`,
  `${'{"a":'.repeat(90)}1${'}'.repeat(90)}`,
  `{"a":"${'x'.repeat(1_200_000)}"}`,
  `[${'0,'.repeat(100_000)}0]`,
];
const BAD_SEGMENTS = [
  '%',
  '%zz',
  '%00',
  '%ff',
  '%c0%af',
  '%2e%2e',
  '%2F',
  '..;',
  '*',
  '{run}',
  ':run',
  '%ED%A0%80',
  'x'.repeat(4_000),
];
const BAD_QUERIES = [
  '?',
  '&&&',
  '=',
  '=x',
  '__proto__=1',
  'a[]=1',
  'limit=',
  'limit=1&limit=2',
  '%=%',
  'after=%00',
  'sort',
  '%ff=%fe',
  `x=${'y'.repeat(5_000)}`,
];

const mostly = <T>(good: Arbitrary<T>, bad: Arbitrary<T>) =>
  fc.oneof({ weight: 5, arbitrary: good }, { weight: 1, arbitrary: bad });

/** Requests to one route: proper ones, nearly proper ones, and nonsense. */
export function requestsTo(options: RequestsOptions): Arbitrary<RawRequest> {
  const { operation, authorizations } = options;
  const [first = '', ...others] = authorizations;
  const parts = fc.record({
    method: mostly(fc.constant(options.method.toUpperCase()), fc.constantFrom(...METHODS)),
    path: pathsOf(options.path, options.references),
    pathToRead: pathsOf(options.path, merged(options.references, options.readable)),
    query: queriesOf(options),
    headers: headersOf(operation),
    authorization: mostly(fc.constant(first), fc.constantFrom(...others)),
    sent: bodiesOf(options),
  });
  return parts.map(({ method, query, headers, authorization, sent: { type, body }, ...paths }) => {
    const path = method === 'GET' ? paths.pathToRead : paths.path;
    const sent: RawRequest = {
      method,
      path: query === '' ? path : `${path}?${query}`,
      headers: {
        ...headers,
        ...(authorization !== '' && { Authorization: authorization }),
        ...(type !== '' && { 'Content-Type': type }),
      },
      body: method === 'TRACE' ? '' : body,
    };
    return { ...sent, [fc.toStringMethod]: () => describe(sent) };
  });
}

/** For a person who reads of a counterexample. */
function describe({ method, path, headers, body }: RawRequest): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value.slice(0, 300)}`);
  const short = body.length > 500 ? `${body.slice(0, 500)}… (${body.length})` : body;
  return [`${method} ${path.slice(0, 1_000)}`, ...lines, JSON.stringify(short)].join('\n  ');
}

function merged(references: References, more: References): References {
  return Object.fromEntries(Object.entries(references).map(([name, all]) => [name, [...all, ...(more[name] ?? [])]]));
}

function pathsOf(path: string, references: References): Arbitrary<string> {
  const segments = path.split('/').map((segment): Arbitrary<string> => {
    const [, name] = /^\{(\w+)\}$/.exec(segment) ?? [];
    if (name === undefined) return fc.constant(segment);
    const known = fc.constantFrom(...(references[name] ?? ['none'])).map(encodeURIComponent);
    const bad = fc.oneof(
      fc.constantFrom(...BAD_SEGMENTS),
      fc.constantFrom(...BAD_TEXTS).map((text) => encodeURIComponent(text.toWellFormed()).slice(0, 4_000)),
    );
    return mostly(known, bad);
  });
  return fc.tuple(...segments).map((all) => all.join('/'));
}

function queriesOf({ operation: { parameters }, named }: RequestsOptions): Arbitrary<string> {
  const inQuery = parameters.filter((parameter) => parameter.in === 'query');
  const text = ({ name, schema }: ServedParameter, values: Arbitrary<unknown>) =>
    values.map((value) =>
      (schema.type === 'array' && Array.isArray(value) ? value : [value]).map((each) => pair(name, each)).join('&'),
    );
  const one = (parameter: ServedParameter) => {
    const fitting = valuesOf(parameter.schema, named);
    const values =
      parameter.name === 'path' ? fc.oneof(fitting, fc.constantFrom('file.txt', '.', 'new/file')) : fitting;
    return fc.oneof(
      fc.constant(''),
      text(parameter, values),
      text(parameter, fc.oneof({ weight: 3, arbitrary: values }, { weight: 1, arbitrary: spoiled(values) })),
    );
  };
  const proper = fc.tuple(...inQuery.map(one)).map((all) => all.filter(Boolean).join('&'));
  return fc.oneof({ weight: 8, arbitrary: proper }, { weight: 1, arbitrary: fc.constantFrom(...BAD_QUERIES) });
}

function pair(name: string, value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  // A wait that is allowed is none of ours to wait for.
  const short =
    name === 'waitMs' && Number(text) > 50 && Number(text) <= 60_000 ? '50' : text.toWellFormed().slice(0, 2_000);
  return `${name}=${encodeURIComponent(short.toWellFormed())}`;
}

function headersOf({ parameters }: ServedOperation): Arbitrary<Record<string, string>> {
  const names = parameters.filter((parameter) => parameter.in === 'header').map(({ name }) => name);
  const values = fc.constantFrom('1', 'key-1', '0', '-1', '1.5', 'x'.repeat(201), '\xe4', '999999999999999', '1e3', '');
  const own = fc.record(Object.fromEntries(names.map((name) => [name, values])), {
    requiredKeys: [],
    noNullPrototype: true,
  });
  const odd = fc.constantFrom<Record<string, string>>(
    {},
    { Accept: 'image/png' },
    { 'Content-Encoding': 'gzip' },
    { 'X-HTTP-Method-Override': 'DELETE' },
    { 'X-Forwarded-For': '\xff' },
    { Expect: 'the best' },
    { Cookie: 'optio-codex=\xff; =;;' },
    { Range: 'bytes=5-1' },
  );
  return fc.tuple(own, mostly(fc.constant({}), odd)).map(([mine, more]) => ({ ...mine, ...more }));
}

interface Sent {
  readonly type: string;
  readonly body: string;
}

function bodiesOf({ operation: { requestBody }, named, example }: RequestsOptions): Arbitrary<Sent> {
  const json = requestBody?.content[JSON_TYPE]?.schema;
  const bad = fc.record({
    type: mostly(fc.constant(JSON_TYPE), fc.constantFrom(...TYPES)),
    body: fc.constantFrom(...BAD_BODIES),
  });
  if (requestBody && !json) {
    const file = fc
      .string({ unit: 'binary', maxLength: 20 })
      .map((body) => ({ type: 'application/octet-stream', body: Buffer.from(body).toString('latin1') }));
    return fc.oneof({ weight: 4, arbitrary: file }, { weight: 1, arbitrary: bad });
  }
  const nothing = fc.constant({ type: '', body: '' });
  if (!json) return fc.oneof({ weight: 4, arbitrary: nothing }, { weight: 1, arbitrary: bad });
  const fitting = valuesOf(json, named);
  const proper = example === undefined ? fitting : fc.oneof(fitting, fc.constant(example));
  const sent = (values: Arbitrary<unknown>, types: Arbitrary<string>) =>
    fc.record({
      type: types,
      body: values.map((value) => Buffer.from(JSON.stringify(value) ?? '').toString('latin1')),
    });
  const typed = mostly(fc.constant(JSON_TYPE), fc.constantFrom(...TYPES));
  return fc.oneof(
    { weight: 4, arbitrary: sent(proper, fc.constant(JSON_TYPE)) },
    { weight: 6, arbitrary: sent(spoiled(proper), fc.constant(JSON_TYPE)) },
    { weight: 1, arbitrary: sent(proper, typed) },
    { weight: 1, arbitrary: nothing },
    { weight: 2, arbitrary: bad },
  );
}
