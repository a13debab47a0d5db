/** A field of a form that an MCP server asks one to fill in. */
export interface FormField {
  readonly name: string;
  readonly label: string;
  readonly description: string | null;
  readonly isRequired: boolean;
  readonly input: FieldInput;
  /** What it holds before anybody has typed, as a form holds it. */
  readonly initial: FieldValue;
}

type FieldInput =
  | {
      readonly kind: 'text';
      readonly type: 'text' | 'email' | 'url' | 'date' | 'datetime-local';
      readonly limits: TextLimits;
    }
  | { readonly kind: 'number'; readonly isWhole: boolean; readonly min?: number; readonly max?: number }
  | { readonly kind: 'yesNo' }
  | { readonly kind: 'choice'; readonly options: readonly FieldOption[]; readonly isMany: boolean }
  | { readonly kind: 'json' };

interface TextLimits {
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
}

interface FieldOption {
  readonly value: unknown;
  readonly label: string;
}

/** As a form holds it: a text, a yes or no, or which options are chosen, by their places. */
export type FieldValue = string | boolean | readonly number[];

type Schema = Readonly<Record<string, unknown>>;

/** The fields of a JSON schema of an object. What this page has no field for is asked for as JSON. */
export function fieldsOf(schema: unknown): FormField[] {
  const { properties, required } = asSchema(schema);
  const wanted = new Set(Array.isArray(required) ? required : []);
  return Object.entries(asSchema(properties)).map(([name, property]) => {
    const said = asSchema(property);
    const input = inputOf(said);
    return {
      name,
      label: text(said.title) ?? name,
      description: text(said.description) ?? null,
      isRequired: wanted.has(name),
      input,
      initial: initialOf(input, said.default),
    };
  });
}

function inputOf(schema: Schema): FieldInput {
  const options = optionsOf(schema);
  if (options) return { kind: 'choice', options, isMany: false };
  switch (schema.type) {
    case 'string':
      return { kind: 'text', type: textType(schema.format), limits: limitsOf(schema) };
    case 'number':
    case 'integer':
      return {
        kind: 'number',
        isWhole: schema.type === 'integer',
        ...(typeof schema.minimum === 'number' && { min: schema.minimum }),
        ...(typeof schema.maximum === 'number' && { max: schema.maximum }),
      };
    case 'boolean':
      return { kind: 'yesNo' };
    case 'array': {
      const many = optionsOf(asSchema(schema.items));
      return many ? { kind: 'choice', options: many, isMany: true } : { kind: 'json' };
    }
    default:
      return { kind: 'json' };
  }
}

function optionsOf({ enum: values, enumNames, oneOf, anyOf }: Schema): FieldOption[] | undefined {
  if (Array.isArray(values)) {
    const names = Array.isArray(enumNames) ? enumNames : [];
    return values.map((value, at) => ({ value, label: text(names[at]) ?? String(value) }));
  }
  const titled = [oneOf, anyOf].find(Array.isArray)?.map(asSchema);
  if (!titled?.every((option) => 'const' in option)) return undefined;
  return titled.map((option) => ({ value: option.const, label: text(option.title) ?? String(option.const) }));
}

function textType(format: unknown): Extract<FieldInput, { kind: 'text' }>['type'] {
  if (format === 'email' || format === 'date') return format;
  if (format === 'uri') return 'url';
  return format === 'date-time' ? 'datetime-local' : 'text';
}

function limitsOf({ minLength, maxLength, pattern }: Schema): TextLimits {
  return {
    ...(typeof minLength === 'number' && { minLength }),
    ...(typeof maxLength === 'number' && { maxLength }),
    ...(typeof pattern === 'string' && { pattern }),
  };
}

function initialOf(input: FieldInput, value: unknown): FieldValue {
  switch (input.kind) {
    case 'yesNo':
      return value === true;
    case 'choice': {
      const chosen = input.isMany && Array.isArray(value) ? value : value === undefined ? [] : [value];
      return input.options.flatMap((option, at) => (chosen.includes(option.value) ? [at] : []));
    }
    case 'json':
      return value === undefined ? '' : JSON.stringify(value, null, 2);
    default:
      return value === undefined || value === null ? '' : String(value);
  }
}

function asSchema(value: unknown): Schema {
  return typeof value === 'object' && value !== null ? (value as Schema) : {};
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
