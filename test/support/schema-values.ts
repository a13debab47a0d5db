import fc, { type Arbitrary } from 'fast-check';

/** As far as the schemas of a served document go. */
export interface ServedSchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, ServedSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: ServedSchema | boolean;
  readonly items?: ServedSchema;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly format?: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly oneOf?: readonly ServedSchema[];
  readonly anyOf?: readonly ServedSchema[];
}

/** Schemas by the name under which a document refers to them. */
export type NamedSchemas = Readonly<Record<string, ServedSchema>>;

const MAX_DEPTH = 6;
const FORMATS: Readonly<Record<string, Arbitrary<string>>> = {
  'date-time': fc
    .date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) })
    .map((date) => date.toISOString()),
  uri: fc.constantFrom('http://127.0.0.1:9/v1', 'https://example.org', 'ftp://example.org', 'http://[::1]:1/'),
};

/** Values that fit a schema, mostly: what no schema can say (that two fields contradict each other) they know nothing of. */
export function valuesOf(schema: ServedSchema, named: NamedSchemas, depth = 0): Arbitrary<unknown> {
  const within = (inner: ServedSchema) => valuesOf(inner, named, depth + 1);
  if (schema.$ref !== undefined) return valuesOf(named[schema.$ref.split('/').at(-1) ?? ''] ?? {}, named, depth);
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const variants = schema.oneOf ?? schema.anyOf;
  if (variants) return fc.oneof(...variants.map(within));
  switch (schema.type) {
    case 'object':
      return objectsOf(schema, depth, within);
    case 'array':
      return fc.array(within(schema.items ?? {}), {
        minLength: schema.minItems ?? 0,
        maxLength: depth > MAX_DEPTH ? (schema.minItems ?? 0) : 3,
      });
    case 'string':
      return stringsOf(schema);
    case 'integer':
    case 'number': {
      const { minimum = -1e9, exclusiveMinimum = minimum - 1, maximum = 1e9 } = schema;
      const [min, max] = [Math.ceil(Math.max(minimum, exclusiveMinimum + 1)), Math.floor(maximum)];
      return fc.oneof(fc.integer({ min, max: Math.min(max, min + 5) }), fc.integer({ min, max }));
    }
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    default:
      return fc.constantFrom(null, 1, 'text', [], { name: 'value' });
  }
}

function objectsOf(schema: ServedSchema, depth: number, within: (inner: ServedSchema) => Arbitrary<unknown>) {
  const { properties = {}, required = [], additionalProperties } = schema;
  const names = Object.keys(properties).filter((name) => depth <= MAX_DEPTH || required.includes(name));
  const fields = fc.record(Object.fromEntries(names.map((name) => [name, within(properties[name] ?? {})])), {
    requiredKeys: names.filter((name) => required.includes(name)),
    noNullPrototype: true,
  });
  if (typeof additionalProperties !== 'object' || depth > MAX_DEPTH) return fields;
  return fc.dictionary(fc.constantFrom('team', 'a', 'b c', 'ü'), within(additionalProperties), {
    maxKeys: 2,
    noNullPrototype: true,
  });
}

function stringsOf({ format, pattern, minLength = 0, maxLength = 30 }: ServedSchema): Arbitrary<string> {
  const ofFormat = FORMATS[format ?? ''];
  if (ofFormat) return ofFormat;
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern));
  return fc.string({ minLength, maxLength: Math.min(maxLength, minLength + 12), unit: 'grapheme' });
}
