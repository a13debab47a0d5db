import fc, { type Arbitrary } from 'fast-check';

function nested(levels: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < levels; level++) value = level % 2 === 0 ? [value] : { a: value };
  return value;
}

/** What nobody has thought of: of the wrong type, huge, or with a meaning somewhere else. None of it does harm where it is taken. */
export const BAD_TEXTS = [
  '',
  ' ',
  'a\0b',
  '\ud800',
  'x\udfff',
  '\u202e\u0000',
  '__proto__',
  'constructor',
  'toString',
  '..',
  '../../x',
  '/',
  './/.',
  'a/../b',
  '@last ',
  'run-',
  '%',
  "'; --",
  '{{name}}',
  '1e999',
  'NaN',
  '-0',
  '0x10',
  '2026-13-45T99:99:99Z',
  '😀'.repeat(50),
  'x'.repeat(10_000),
] as const;

const BAD_VALUES: readonly unknown[] = [
  ...BAD_TEXTS,
  null,
  true,
  false,
  0,
  -1,
  0.5,
  1e308,
  -1e308,
  2 ** 31,
  2 ** 53,
  [],
  {},
  [[]],
  [null],
  nested(40),
  nested(400),
  Object.fromEntries([['__proto__', { role: 'admin', isOwner: true }]]),
  { constructor: { prototype: { role: 'admin' } } },
  Object.fromEntries(['toString', 'valueOf', 'then'].map((name) => [name, 1])),
  { toJSON: 'x' },
];

interface Change {
  /** Which part of the value, counted from its beginning. */
  readonly at: number;
  readonly how: 'replace' | 'remove' | 'add' | 'wrap';
  readonly name: string;
  readonly value: unknown;
}

const change: Arbitrary<Change> = fc.record(
  {
    at: fc.nat(30),
    how: fc.constantFrom('replace', 'remove', 'add', 'wrap'),
    name: fc.constantFrom('__proto__', 'constructor', 'more', '', 'a\0b', 'hasOwnProperty', 'x'.repeat(300)),
    value: fc.constantFrom(...BAD_VALUES),
  },
  { noNullPrototype: true },
);

/** The same values, with something wrong in one or two places. */
export function spoiled(values: Arbitrary<unknown>): Arbitrary<unknown> {
  return fc
    .tuple(values, fc.array(change, { minLength: 1, maxLength: 2 }))
    .map(([value, changes]) => changes.reduce(apply, value));
}

function apply(value: unknown, { at, how, name, value: bad }: Change): unknown {
  const parts = countOf(value);
  let left = at % parts;
  const REMOVED = Symbol('removed');
  const visit = (part: unknown): unknown => {
    if (left-- === 0) {
      if (how === 'remove') return REMOVED;
      if (how === 'wrap') return [part];
      if (how === 'add' && Array.isArray(part)) return [...part, bad];
      if (how === 'add' && isRecord(part)) return Object.fromEntries([...Object.entries(part), [name, bad]]);
      return bad;
    }
    if (Array.isArray(part)) return part.map(visit).filter((each) => each !== REMOVED);
    if (!isRecord(part)) return part;
    const fields = Object.entries(part).map(([field, inner]) => [field, visit(inner)] as const);
    return Object.fromEntries(fields.filter(([, inner]) => inner !== REMOVED));
  };
  const changed = visit(value);
  return changed === REMOVED ? undefined : changed;
}

function countOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1;
  return Object.values(value).reduce((sum: number, inner) => sum + countOf(inner), 1);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
