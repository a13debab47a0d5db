import type { z } from 'zod';
import type { RouteSpec } from '../contract/route.ts';
import { ROUTE_GROUPS, ROUTES } from '../contract/routes.ts';
import { type Operation, operationOf } from './openapi-operation.ts';
import { type JsonSchema, toJsonSchemas } from './openapi-schemas.ts';

export interface OpenApiDocument {
  readonly openapi: '3.1.0';
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly servers: readonly { readonly url: string }[];
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, JsonSchema>>;
    readonly responses: Readonly<Record<string, unknown>>;
    readonly securitySchemes: Readonly<Record<string, unknown>>;
  };
}

export interface DocumentOptions {
  /** Of optio-codex. */
  readonly version: string;
  readonly basePath: string;
  /** Of the cookie that a browser gets in the place of a token. */
  readonly cookieName: string;
}

const DESCRIPTION = `Runs of Codex over HTTP.

Every request needs a token: \`Authorization: Bearer TOKEN\`. A browser may give it once, as \`POST /api/session\` with \`{ "token": "…" }\`, and gets a cookie.
A viewer sees everything and changes nothing; an operator launches, answers and stops; an admin also decides who may come in, and what is not confined.
Errors are \`application/problem+json\` with a \`code\` of a closed list and, mostly, a \`remedy\`.`;

const TAGS: Readonly<Record<keyof typeof ROUTE_GROUPS, string>> = {
  runs: 'All runs: what there are, new ones, and what changes.',
  run: 'One run: what it is, and what may be done with it.',
  conversation: 'The live session of a run: messages, and what a person may turn.',
  queue: 'The messages of a run that wait to be sent.',
  journal: 'What happened in a run.',
  requests: 'What Codex asks, and the answers.',
  files: 'The workspace of a run.',
  tasks: 'Tasks, their schedules, and what keeps them from being launched.',
  seeds: 'Saved logins: what they hold goes in, and never out.',
  server: 'The server itself, who may come in, and what its machine can do.',
};

/** The routes as an OpenAPI 3.1 document. */
export function openApiDocument({ version, basePath, cookieName }: DocumentOptions): OpenApiDocument {
  const schemas = toJsonSchemas(Object.values<RouteSpec>(ROUTES).flatMap(schemasIn));
  const paths: Record<string, Record<string, Operation>> = {};
  for (const [group, routes] of Object.entries(ROUTE_GROUPS)) {
    for (const [name, route] of Object.entries<RouteSpec>(routes)) {
      const operation = operationOf({ name, group, route, schemas });
      paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation };
    }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'optio-codex', version, description: DESCRIPTION },
    servers: [{ url: basePath || '/' }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    security: [{ token: [] }, { session: [] }],
    paths,
    components: {
      schemas: schemas.named,
      responses: {
        Problem: {
          description: 'What went wrong, and what to do about it.',
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
        },
      },
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer' },
        session: { type: 'apiKey', in: 'cookie', name: cookieName },
      },
    },
  };
}

function schemasIn({ query, body, result }: RouteSpec): z.ZodType[] {
  return [query, body, result].filter((schema) => schema !== undefined && schema !== 'bytes');
}
