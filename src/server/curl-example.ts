import type { OpenApiDocument } from './openapi.ts';
import type { Operation } from './openapi-operation.ts';
import type { JsonSchema } from './openapi-schemas.ts';

export interface Call {
  readonly path: string;
  readonly method: string;
  readonly operation: Operation;
}

/** A command that calls this route, with what it cannot do without. */
export function curlOf({ path, method, operation }: Call, { components }: OpenApiDocument): string {
  const { parameters, requestBody, responses } = operation;
  const needed = parameters.filter(({ in: place, required }) => place === 'query' && required);
  const query = needed.map(({ name }) => `${name}=README.md`).join('&');
  const address = path.replace('{run}', '@last').replaceAll(/\{(\w+)\}/g, (_, name: string) => name.toUpperCase());
  const flags = [
    ...(method === 'GET' || (method === 'POST' && requestBody) ? [] : [`-X ${method}`]),
    `-H "Authorization: Bearer $TOKEN"`,
  ];
  if (requestBody?.content['application/octet-stream'])
    flags.push('-H "Content-Type: application/octet-stream" --data-binary @README.md');
  const json = requestBody?.content['application/json'];
  if (json) {
    const body = JSON.stringify(exampleOf(json.schema, components.schemas));
    flags.push('-H "Content-Type: application/json"', `-d '${body.replaceAll("'", "'\\''")}'`);
  }
  const streams = Object.values(responses).some(({ content }) => content?.['text/event-stream']);
  return [`curl -s${streams ? 'N' : ''} "$URL${address}${query && `?${query}`}"`, ...flags].join(' \\\n  ');
}

/** The least that a schema takes. */
export function exampleOf(schema: JsonSchema, named: OpenApiDocument['components']['schemas'], field = ''): unknown {
  if (schema.$ref !== undefined) return exampleOf(named[schema.$ref.split('/').at(-1) ?? ''] ?? {}, named, field);
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  const [variant] = schema.oneOf ?? schema.anyOf ?? [];
  if (variant) return exampleOf(variant, named, field);
  switch (schema.type) {
    case 'object': {
      const { properties = {}, required = [], minProperties = 0 } = schema;
      const [first] = Object.keys(properties);
      const names = required.length >= minProperties ? required : [first ?? 'team'];
      return Object.fromEntries(names.map((name) => [name, exampleOf(properties[name] ?? {}, named, name)]));
    }
    case 'array':
      return [];
    case 'integer':
    case 'number':
      return Math.max(schema.minimum ?? 1, 1);
    case 'boolean':
      return true;
    default:
      return SAMPLES[field] ?? 'text';
  }
}

const SAMPLES: Readonly<Record<string, string>> = {
  instructions: 'Explain this repository.',
  directory: '/home/ada/project',
  cron: '0 6 * * 1-5',
  reason: 'a release is on its way',
};
