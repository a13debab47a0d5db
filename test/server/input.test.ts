import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { problemSchema } from '../../src/contract/problem.ts';
import { ALL_ROUTES, callOf } from '../support/route-calls.ts';
import { scriptApi } from '../support/scripted-api.ts';
import { openServer } from '../support/server.ts';

const JSON_TYPE = { 'Content-Type': 'application/json' };
const POST = { method: 'POST' } as const;

describe('what a request brings', () => {
  it('is refused with a problem where it expects what nobody knows of, and nothing is done', async () => {
    const { api, calls } = scriptApi();
    const { ask } = await openServer(api);
    const { path, ...asking } = callOf('startRun');
    const { status, json, headers } = await ask(path, { ...asking, headers: { Expect: 'the best' } });
    expect([status, json.code, json.field]).toEqual([417, 'invalid-input', 'Expect']);
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(calls).toEqual([]);
    expect(await ask(path, { ...asking, headers: { Expect: '100-continue' } })).toMatchObject({ status: 201 });
  });

  it.each(ALL_ROUTES.filter(([, { body }]) => body !== 'bytes'))('has to be what %s takes', async (name) => {
    const { api, asked, calls } = scriptApi();
    const { ask } = await openServer(api);
    const { path, body, ...asking } = callOf(name);
    const more = { ...(body as object), nonsense: 1 };
    const unknown = await ask(path, { ...asking, body: more });
    expect(unknown).toMatchObject({ status: 400, json: { code: 'invalid-input', field: 'nonsense' } });
    const query = await ask(`${path}${path.includes('?') ? '&' : '?'}nonsense=1`, {
      ...asking,
      ...(body !== undefined && { body }),
    });
    expect(query).toMatchObject({ status: 400, json: { code: 'invalid-input', field: 'nonsense' } });
    expect([asked, calls]).toEqual([[], []]);
  });

  it.each([
    ['/api/runs', { spec: { instructions: 'x', workspace: { directory: '' } } }, 'spec.workspace.directory'],
    ['/api/runs', { spec: { instructions: 1, workspace: { directory: '/w' } } }, 'spec.instructions'],
    ['/api/runs', { spec: { instructions: 'x', workspace: { directory: '/w' }, sandbx: 1 } }, 'spec.sandbx'],
    ['/api/runs', {}, 'spec'],
    ['/api/runs', [], 'body'],
    ['/api/runs', 'null', 'spec'],
    ['/api/runs', '"text"', 'body'],
    ['/api/runs/run-1/messages', { text: '' }, 'text'],
    ['/api/runs/run-1/messages', { text: '', images: [] }, 'text'],
    ['/api/runs/run-1/messages', { text: 'x', images: Array(11).fill('a.png') }, 'images'],
    ['/api/runs/run-1/requests/r1/answer', { answer: { kind: 'no' } }, 'answer.kind'],
    ['/api/runs/run-1/cancel', { reason: 7 }, 'reason'],
    ['/api/tasks/nightly/launch', { metadata: { team: 'a\0b' } }, 'metadata.team'],
    ['/api/tasks/nightly/launch', { notBefore: 'tomorrow' }, 'notBefore'],
    ['/api/runs', { spec: { instructions: 'x', workspace: {} } }, 'spec.workspace'],
    ['/api/blocks', '{"reason":"x","__proto__":{}}', '__proto__'],
    ['/api/blocks', '{"reason":"x","metadata":{"__proto__":"x"}}', 'metadata.__proto__'],
    ['/api/blocks', { reason: 'x', metadata: { constructor: 'x' } }, 'metadata'],
    ['/api/runs/cancel', '{"metadata":{"__proto__":"x"}}', 'metadata.__proto__'],
    ['/api/tasks/nightly/launch', { metadata: { prototype: 'x' } }, 'metadata'],
    [
      '/api/runs',
      '{"spec":{"instructions":"x","workspace":{"fresh":true},"env":{"__proto__":"x"}}}',
      'spec.env.__proto__',
    ],
  ])('is refused by the name of its field: %s %j', async (path, body, field) => {
    const { ask } = await openServer();
    const { status, json } = await ask(path, { ...POST, body });
    expect([status, json.code, json.field]).toEqual([400, 'invalid-input', field]);
    expect(json.message).toMatch(new RegExp(`^${field.replaceAll('.', '\\.')}: `));
    expect(json.remedy).toEqual(expect.any(String));
  });

  it.each([
    ['?limit=0', 'limit'],
    ['?limit=501', 'limit'],
    ['?limit=many', 'limit'],
    ['?limit=1&limit=2', 'limit'],
    ['?sort=age', 'sort'],
    ['?state=gone', 'state.0'],
    ['?state=running&state=gone', 'state.1'],
    ['?tag=team', 'tag.0'],
    ['?tag=team:red&tag=team:blue', 'tag'],
    ['?waiting=yes', 'waiting'],
    ['?search=a%00b', 'search'],
    ['?__proto__=1', '__proto__'],
    ['?tag=__proto__:x', 'tag.0'],
    ['?tag=constructor:x', 'tag.0'],
    [`?search=${'x'.repeat(201)}`, 'search'],
  ])('is refused in the address too: %s', async (query, field) => {
    const { ask } = await openServer();
    const { status, json } = await ask(`/api/runs${query}`);
    expect([status, json.code, json.field]).toEqual([400, 'invalid-input', field]);
  });

  const NO_NUMBERS = ['x', '-1', '1.5', '1e3', '0x10', '9'.repeat(16)];
  it.each(NO_NUMBERS)('is refused as the last number of a journal: %s', async (id) => {
    const { ask } = await openServer();
    const { status, json } = await ask('/api/runs/run-1/events', { headers: { 'Last-Event-ID': id } });
    expect([status, json.field]).toEqual([400, 'Last-Event-ID']);
    for (const path of ['events', 'journal']) {
      const asked = await ask(`/api/runs/run-1/${path}?after=${id}`);
      expect([asked.status, asked.json.field]).toEqual([400, 'after']);
      expect(asked.json.message).toBe(`after: "${id}" is not a whole number`);
    }
  });

  it.each(['journal?after=', 'journal?limit=', 'journal?last=', 'outcome?waitMs=', 'events?after=%201'])(
    'is refused where it is no number at all: %s',
    async (path) => {
      const { ask } = await openServer();
      expect(await ask(`/api/runs/run-1/${path}`)).toMatchObject({ status: 400, json: { code: 'invalid-input' } });
    },
  );

  it.each(['after=1&last=2', 'limit=1&last=2'])('is refused where it says two things at once: %s', async (query) => {
    const { ask } = await openServer();
    const { status, json } = await ask(`/api/runs/run-1/journal?${query}`);
    expect([status, json.code, json.field]).toEqual([400, 'invalid-input', 'last']);
  });

  it.each(['x'.repeat(201), 'schlüssel', '\t'])('is refused as a key: %j', async (key) => {
    const { ask } = await openServer();
    const headers = { 'Idempotency-Key': Buffer.from(key).toString('latin1') };
    const { path, ...asking } = callOf('startRun');
    const { status, json } = await ask(path, { ...asking, headers });
    // A tab alone is nothing once HTTP has trimmed it.
    expect([status, json.field]).toEqual([400, 'Idempotency-Key']);
    expect(json.message).toMatch(/^Idempotency-Key: ".*" is not 1 to 200 printable ASCII characters$/);
  });

  it('may be left out where nothing is needed', async () => {
    const { api, asked, calls } = scriptApi();
    const { ask } = await openServer(api);
    for (const verb of ['cancel', 'pause', 'resume', 'interrupt', 'finish']) {
      expect((await ask(`/api/runs/run-1/${verb}`, POST)).status).toBeLessThan(300);
    }
    expect(calls).toEqual(['cancel', 'pause', 'resume', 'interrupt', 'finish'].map((verb) => `${verb} "run-1"`));
    expect(await ask('/api/tasks/nightly/launch', POST)).toMatchObject({ status: 201 });
    expect(asked.at(-1)).toEqual(['launch', 'nightly', {}]);
  });

  it.each([
    ['{"spec":', 400, 'body'],
    ['{}{}', 400, 'body'],
    [Buffer.from('{"params":"\xff"}', 'latin1'), 400, 'body'],
    [`{"params":${'['.repeat(200)}${']'.repeat(200)}}`, 400, 'body'],
    [`{"params":"${'['.repeat(200)}"}`, 201, undefined],
    [`{"params":"\\"${'['.repeat(200)}"}`, 201, undefined],
  ])('has to be JSON that can be read: %s', async (body, status, field) => {
    const { ask } = await openServer();
    const answer = await ask('/api/tasks/nightly/launch', { ...POST, body });
    expect([answer.status, answer.json.field]).toEqual([status, field]);
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', ''])(
    'has to say that it is JSON, so that no form of another page passes for it: %j',
    async (type) => {
      const { ask } = await openServer();
      const headers = { 'Content-Type': type };
      const answer = await ask('/api/tasks/nightly/launch', { ...POST, headers, body: '{}' });
      expect(answer).toMatchObject({ status: 415, json: { code: 'invalid-input', field: 'Content-Type' } });
    },
  );

  it('must not be compressed', async () => {
    const { ask } = await openServer();
    const headers = { ...JSON_TYPE, 'Content-Encoding': 'gzip' };
    expect(await ask('/api/tasks/nightly/launch', { ...POST, headers, body: '{}' })).toMatchObject({ status: 415 });
  });

  it.each([
    ['startDemo', 'json'],
    ['writeFile', 'file'],
  ] as const)('is taken up to a size: %s', async (name, limit) => {
    const { ask } = await openServer(scriptApi().api, { limits: { [limit]: 100 } });
    const { path, ...asking } = callOf(name);
    const small = `${name === 'startDemo' ? '{"paceMs":1}' : ''}`.padEnd(100);
    expect((await ask(path, { ...asking, body: small })).status).toBeLessThan(300);
    const large = await ask(path, { ...asking, body: `${small} ` });
    expect(large).toMatchObject({ status: 413, json: { code: 'message-too-large' } });
    const headers = { ...asking.headers, 'Transfer-Encoding': 'chunked' };
    const chunked = await ask(path, { ...asking, headers, body: `${small} ` });
    expect(chunked).toMatchObject({ status: 413, json: { code: 'message-too-large' } });
  });

  it('is found nowhere where there is nothing, and what there is says by which method', async () => {
    const { ask } = await openServer();
    expect(await ask('/api/nothing')).toMatchObject({ status: 404, json: { code: 'not-found' } });
    expect(await ask('/nothing', { token: null })).toMatchObject({ status: 404 });
    const wrong = await ask('/api/runs/run-1/cancel', { method: 'GET' });
    expect(wrong).toMatchObject({ status: 405, headers: { allow: 'POST, OPTIONS' } });
    expect(await ask('/api/runs', { method: 'PATCH' })).toMatchObject({ status: 405 });
    expect(await ask('/api/session', { method: 'GET', token: null })).toMatchObject({ status: 401 });
    const options = await ask('/api/runs', { method: 'OPTIONS' });
    expect(options).toMatchObject({ status: 204, headers: { allow: 'GET, HEAD, POST, OPTIONS' } });
  });

  it.each([
    '/api/runs/%',
    '/api/runs/%ff',
    '/api/%2e%2e/runs',
    '/api/runs/%00',
    '/api\\runs',
    '//evil.example/api/runs',
    '*',
  ])('gets a proper answer for a strange address: %s', async (path) => {
    const { ask } = await openServer();
    const { status, json, headers } = await ask(path);
    expect(status).toBeLessThan(500);
    if (status >= 400) z.parse(problemSchema, json);
    expect(headers['x-content-type-options']).toBe('nosniff');
  });
});
