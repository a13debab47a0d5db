import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { ServedSchema } from './schema-values.ts';

export interface ServedParameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly schema: ServedSchema;
}
type Contents = Readonly<Record<string, { readonly schema: ServedSchema; readonly 'x-item-schema'?: ServedSchema }>>;

/** A route, as a served document tells of it. */
export interface ServedOperation {
  readonly operationId: string;
  readonly 'x-role': string;
  readonly parameters: readonly ServedParameter[];
  readonly requestBody?: { readonly content: Contents };
  readonly responses: Readonly<Record<string, { readonly content?: Contents }>>;
}

export interface ServedDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, ServedOperation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, ServedSchema>> };
}

/** An answer of the server, as it came. */
export interface GivenAnswer {
  readonly status: number;
  /** Without its parameters. */
  readonly type: string | undefined;
  readonly text: string;
}

/** Compares answers with what a served document says of them. */
export class DocumentedAnswers {
  readonly #ajv = new Ajv2020({ strict: false, validateFormats: false });
  readonly #checks = new Map<string, ValidateFunction>();

  constructor(document: ServedDocument) {
    this.#ajv.addSchema(document, 'document');
  }

  /** What is wrong with the answer to an operation; undefined when nothing is. */
  problemWith(operation: ServedOperation, { status, type, text }: GivenAnswer): string | undefined {
    const told = operation.responses[status];
    if (!told?.content && told !== undefined && !('$ref' in told)) return text === '' ? undefined : 'there is a body';
    if (type === 'application/problem+json') return this.problemIn(status, text);
    if (!told?.content) return `nobody has said that it answers ${status}`;
    const content = told.content[type ?? ''];
    if (!content) return `nobody has said that it answers ${type}`;
    const item = content['x-item-schema'];
    if (item) {
      const frames = text.split('\n\n').filter((frame) => /^(id: \d+\n)?data: /.test(frame));
      return frames.map((frame) => this.#problemOf(item, frame.replace(/^(id: \d+\n)?data: /, ''))).find(Boolean);
    }
    return type === 'application/json' ? this.#problemOf(content.schema, text) : undefined;
  }

  /** What is wrong with an error that was told. */
  problemIn(status: number, text: string): string | undefined {
    const wrong = this.#problemOf({ $ref: '#/components/schemas/Problem' }, text);
    return wrong ?? (JSON.parse(text).status === status ? undefined : 'its status is another one than that of HTTP');
  }

  #problemOf(schema: ServedSchema, text: string): string | undefined {
    const key = JSON.stringify(schema);
    let check = this.#checks.get(key);
    if (!check) {
      check = this.#ajv.compile(JSON.parse(key.replaceAll('"#/', '"document#/')));
      this.#checks.set(key, check);
    }
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return `it is not JSON: ${text.slice(0, 200)}`;
    }
    return check(value) ? undefined : this.#ajv.errorsText(check.errors);
  }
}
