import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { paramsOf } from '../../src/contract/route.ts';
import { FIELD_NOTES } from '../../src/server/field-notes.ts';
import { openApiDocument } from '../../src/server/openapi.ts';
import type { Operation } from '../../src/server/openapi-operation.ts';
import { NAMED_SCHEMAS } from '../../src/server/openapi-schemas.ts';
import { ALL_ROUTES } from '../support/route-calls.ts';
import { scriptApi } from '../support/scripted-api.ts';
import { openServer } from '../support/server.ts';

const document = openApiDocument({ version: '1.2.3', basePath: '/codex', cookieName: 'optio-codex-1' });
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);

function operationNamed(name: string): Operation {
  const found = operations.find(({ operation }) => operation.operationId === name);
  if (!found) throw new Error(`there is no ${name}`);
  return found.operation;
}

/** All values of this key, anywhere in it. */
function valuesOf(value: unknown, key: string): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => [...(name === key ? [inner] : []), ...valuesOf(inner, key)]);
}

describe('the OpenAPI document', () => {
  it('tells of every route, by its name', () => {
    const told = operations.map(({ path, method, operation }) => [operation.operationId, method.toUpperCase(), path]);
    expect(told).toEqual(ALL_ROUTES.map(([name, { method, path }]) => [name, method, path]));
  });

  it('is one for everybody who may come in', async () => {
    const { ask } = await openServer(scriptApi().api, { basePath: '/codex' });
    const { json, headers } = await ask('/codex/api/openapi.json', { token: 'viewer-token' });
    expect(headers['content-type']).toBe('application/json');
    expect(json).toMatchObject({ openapi: '3.1.0', info: { version: '1.2.3' }, servers: [{ url: '/codex' }] });
    expect(Object.keys(json.paths as object)).toEqual(Object.keys(document.paths));
  });

  it('is one by the schema of OpenAPI 3.1', async () => {
    const validator = new Validator();
    expect(await validator.validate(structuredClone({ ...document }))).toMatchObject({ valid: true });
    expect(validator.version).toBe('3.1');
    const broken = { ...structuredClone(document), paths: { '/api/runs': { get: { parameters: [{ name: 'run' }] } } } };
    expect(await new Validator().validate(broken)).toMatchObject({ valid: false });
  });

  it('refers to nothing that is not there, and has nothing that nobody refers to', () => {
    const refs = new Set(valuesOf(document, '$ref') as string[]);
    const there = ['schemas', 'responses'].flatMap((kind) => {
      const all = document.components[kind as 'schemas' | 'responses'];
      return Object.keys(all).map((name) => `#/components/${kind}/${name}`);
    });
    expect([...refs].sort()).toEqual(there.sort());
  });

  it('declares every parameter of a path, and each parameter once', () => {
    for (const { path, operation } of operations) {
      const inPath = operation.parameters.filter((parameter) => parameter.in === 'path');
      expect(inPath.map(({ name, required }) => [name, required])).toEqual(paramsOf(path).map((name) => [name, true]));
      const names = operation.parameters.map((parameter) => `${parameter.in} ${parameter.name}`);
      expect(new Set(names).size).toBe(names.length);
    }
  });

  it('has only what a JSON schema may have', () => {
    const known = new Set(
      '$ref type description properties required additionalProperties propertyNames items enum const format pattern minimum maximum exclusiveMinimum minLength maxLength minItems maxItems minProperties oneOf anyOf'.split(
        ' ',
      ),
    );
    const check = (schema: unknown, at: string): void => {
      if (typeof schema !== 'object' || schema === null) return;
      const { properties, ...rest } = schema as Record<string, unknown>;
      expect(
        Object.keys(schema).filter((key) => !known.has(key)),
        at,
      ).toEqual([]);
      for (const [name, field] of Object.entries(properties ?? {})) check(field, `${at}.${name}`);
      for (const key of ['items', 'additionalProperties', 'propertyNames']) check(rest[key], `${at}.${key}`);
      for (const key of ['oneOf', 'anyOf'])
        for (const one of (rest[key] as unknown[]) ?? []) check(one, `${at}.${key}`);
    };
    for (const [name, schema] of Object.entries(document.components.schemas)) check(schema, name);
    for (const schema of valuesOf(document.paths, 'schema')) check(schema, 'a route');
  });

  it.each(Object.keys(NAMED_SCHEMAS))('describes %s as it goes in and as it comes out', (name) => {
    const schema = NAMED_SCHEMAS[name] as z.ZodType;
    const both = (['input', 'output'] as const).map((io) => {
      // What goes in may be strict where what comes out is not; there the two differ, and in nothing else.
      return JSON.stringify(z.toJSONSchema(schema, { io })).replaceAll(',"additionalProperties":false', '');
    });
    expect(both[0]).toBe(both[1]);
  });

  it('lets what comes out have more fields, from a newer server, and what goes in no others', () => {
    const { RunSummary, RunSpec } = document.components.schemas;
    expect(RunSummary?.additionalProperties).toBeUndefined();
    expect(RunSpec?.additionalProperties).toBe(false);
  });

  it('says who may do it, how, and with which key', () => {
    const start = operationNamed('startRun');
    expect(start).toMatchObject({
      'x-role': 'operator',
      'x-repeat': 'keyed',
      tags: ['runs'],
      requestBody: { required: true },
    });
    expect(start.parameters.map(({ name }) => name)).toEqual(['Idempotency-Key']);
    expect(start.responses['201']?.content?.['application/json']?.schema).toEqual({
      $ref: '#/components/schemas/RunDetails',
    });
    expect(start.responses.default).toEqual({ $ref: '#/components/responses/Problem' });
    expect(operationNamed('cancelRun').requestBody).toMatchObject({ required: false });
    expect(document.components.securitySchemes).toMatchObject({ session: { name: 'optio-codex-1' } });
  });

  it('tells of streams what each of their events is, and of files that they are bytes', () => {
    const events = operationNamed('readEvents');
    expect(events.parameters.map(({ name }) => name)).toEqual(['run', 'after', 'Last-Event-ID']);
    expect(events.responses['200']?.content?.['text/event-stream']).toMatchObject({
      schema: { type: 'string' },
      'x-item-schema': { $ref: '#/components/schemas/RunEvent' },
    });
    const bytes = { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } };
    expect(operationNamed('readFile').responses['200']?.content).toEqual(bytes);
    expect(operationNamed('writeFile').requestBody?.content).toEqual(bytes);
  });

  it('explains every field of a spec', () => {
    const fields = Object.entries(document.components.schemas.RunSpec?.properties ?? {});
    expect(fields.filter(([, { description }]) => !description).map(([name]) => name)).toEqual([]);
  });

  it('explains no field that there is not', () => {
    for (const [name, notes] of Object.entries(FIELD_NOTES)) {
      const fields = Object.keys(document.components.schemas[name]?.properties ?? {});
      expect(Object.keys(notes).filter((field) => !fields.includes(field))).toEqual([]);
    }
  });
});
