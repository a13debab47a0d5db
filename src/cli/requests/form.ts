/** One thing to fill in of what an MCP server asks for. */
export interface Field {
  readonly name: string;
  readonly label: string;
  readonly choices: readonly string[];
  readonly isRequired: boolean;
  /** The value that was typed; undefined when it is none for this field. */
  read(typed: string): unknown;
}

/** A field as an elicitation describes it, with a small part of JSON schema. */
interface FieldSchema {
  readonly type?: string;
  readonly title?: string;
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly oneOf?: readonly Choice[];
  readonly anyOf?: readonly Choice[];
  readonly items?: FieldSchema;
}

interface Choice {
  readonly const?: unknown;
  readonly title?: string;
}

/** The fields of an elicitation's schema, in its order. */
export function fieldsOf(schema: unknown): Field[] {
  const { properties = {}, required = [] } = (schema ?? {}) as {
    properties?: Record<string, FieldSchema>;
    required?: readonly string[];
  };
  return Object.entries(properties).map(([name, field]) => {
    const choices = choicesOf(field.items ?? field);
    return {
      name,
      label: field.description ?? field.title ?? name,
      choices: choices.map(({ title, value }) => title ?? String(value)),
      isRequired: required.includes(name),
      read: (typed) => (field.type === 'array' ? readList(choices, typed) : readOne(field.type, choices, typed)),
    };
  });
}

interface NamedChoice {
  readonly value: unknown;
  readonly title: string | undefined;
}

function choicesOf(field: FieldSchema): NamedChoice[] {
  const named = (field.oneOf ?? field.anyOf ?? []).map((choice) => ({ value: choice.const, title: choice.title }));
  return [...(field.enum ?? []).map((value) => ({ value, title: undefined })), ...named];
}

function readList(choices: readonly NamedChoice[], typed: string): unknown[] | undefined {
  const values = typed.split(',').map((part) => readOne('string', choices, part.trim()));
  return values.includes(undefined) ? undefined : values;
}

function readOne(type: string | undefined, choices: readonly NamedChoice[], typed: string): unknown {
  if (choices.length > 0) {
    const chosen = choices[Number(typed) - 1] ?? choices.find(({ value, title }) => typed === value || typed === title);
    return chosen?.value;
  }
  if (type === 'number') return Number.isFinite(Number(typed)) ? Number(typed) : undefined;
  if (type === 'integer') return Number.isInteger(Number(typed)) ? Number(typed) : undefined;
  if (type !== 'boolean') return typed;
  return /^(y|yes|true|1)$/i.test(typed) ? true : /^(n|no|false|0)$/i.test(typed) ? false : undefined;
}
