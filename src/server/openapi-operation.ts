import type { Role } from '../contract/role.ts';
import { paramsOf, type RouteSpec, repeatOf } from '../contract/route.ts';
import type { JsonSchema, JsonSchemas } from './openapi-schemas.ts';

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly description?: string;
  readonly schema: JsonSchema;
}

export interface Content {
  readonly [type: string]: { readonly schema: JsonSchema; readonly 'x-item-schema'?: JsonSchema };
}

interface ResponseObject {
  readonly $ref?: string;
  readonly description?: string;
  readonly content?: Content;
}

export interface Operation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description?: string;
  readonly 'x-role': Role;
  /** What comes of the same call again. */
  readonly 'x-repeat': NonNullable<RouteSpec['repeat']>;
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly required: boolean; readonly content: Content };
  readonly responses: Readonly<Record<string, ResponseObject>>;
}

export interface OperationOptions {
  readonly name: string;
  readonly group: string;
  readonly route: RouteSpec;
  readonly schemas: JsonSchemas;
}

const PROBLEM: ResponseObject = { $ref: '#/components/responses/Problem' };
const BINARY: JsonSchema = { type: 'string', format: 'binary' };
const PARAMS: Readonly<Record<string, string>> = {
  run: 'The id of a run, the beginning of it, its name, or `@last`.',
  task: 'The id of a task.',
  request: 'The id of a request of this run.',
  block: 'The id of a block.',
  token: 'The id of a token.',
};
const KEY: Parameter = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'Names what is made: sent again with the same key, nothing is made twice, and what was made is given.',
  schema: { type: 'string', minLength: 1, maxLength: 200 },
};
const LAST_EVENT_ID: Parameter = {
  name: 'Last-Event-ID',
  in: 'header',
  required: false,
  description: 'The `id` of the last event that one has; it counts more than `after`.',
  schema: { type: 'string' },
};

/** A route as the document tells of it. */
export function operationOf({ name, group, route, schemas }: OperationOptions): Operation {
  const body = bodyOf(route, schemas);
  return {
    operationId: name,
    tags: [group],
    summary: route.summary,
    ...(route.description !== undefined && { description: route.description }),
    'x-role': route.role,
    'x-repeat': repeatOf(route),
    parameters: parametersOf(route, schemas),
    ...(body && { requestBody: body }),
    responses: {
      [statusOf(route)]: successOf(route, schemas),
      '400': PROBLEM,
      '401': PROBLEM,
      '403': PROBLEM,
      ...(paramsOf(route.path).length > 0 && { '404': PROBLEM }),
      default: PROBLEM,
    },
  };
}

function parametersOf({ path, query, repeat, answers }: RouteSpec, schemas: JsonSchemas): Parameter[] {
  const { properties = {}, required = [] } = query ? schemas.of(query) : {};
  return [
    ...paramsOf(path).map((name): Parameter => {
      const description = PARAMS[name];
      return { name, in: 'path', required: true, ...(description && { description }), schema: { type: 'string' } };
    }),
    ...Object.entries(properties).map(([name, { description, ...schema }]): Parameter => {
      return { name, in: 'query', required: required.includes(name), ...(description && { description }), schema };
    }),
    ...(repeat === 'keyed' ? [KEY] : []),
    ...(answers === 'events' && query && 'after' in query.shape ? [LAST_EVENT_ID] : []),
  ];
}

function bodyOf({ body }: RouteSpec, schemas: JsonSchemas): Operation['requestBody'] {
  if (body === undefined) return undefined;
  if (body === 'bytes') return { required: true, content: { 'application/octet-stream': { schema: BINARY } } };
  const mayBeLeftOut = body.safeParse({}).success;
  return { required: !mayBeLeftOut, content: { 'application/json': { schema: schemas.of(body) } } };
}

function statusOf({ status, result, answers }: RouteSpec): number {
  return status ?? (result === undefined && answers === undefined ? 204 : 200);
}

function successOf({ result, answers, summary }: RouteSpec, schemas: JsonSchemas): ResponseObject {
  const schema = result && schemas.of(result);
  switch (answers) {
    case 'events': {
      const description = 'Server-sent events; the `data` of each is JSON, as `x-item-schema` says.';
      const stream = { schema: { type: 'string', description }, ...(schema && { 'x-item-schema': schema }) };
      return { description, content: { 'text/event-stream': stream } };
    }
    case 'file':
      return { description: 'The file, byte for byte.', content: { 'application/octet-stream': { schema: BINARY } } };
    case 'zip':
      return { description: 'The zip, piece by piece.', content: { 'application/zip': { schema: BINARY } } };
    case 'text':
      return {
        description: summary,
        content: { 'text/markdown': { schema: { type: 'string' } }, 'application/json': { schema: {} } },
      };
    default:
      return schema
        ? { description: summary, content: { 'application/json': { schema } } }
        : { description: 'It is done; there is nothing to tell.' };
  }
}
