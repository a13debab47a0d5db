import { describe, expect, it } from 'vitest';
import { includesRole } from '../../src/contract/role.ts';
import { ALL_ROUTES, callOf } from '../support/route-calls.ts';
import { detailsOf } from '../support/run-summary.ts';
import { scriptApi } from '../support/scripted-api.ts';
import { openServer } from '../support/server.ts';

const ROLES = ['viewer', 'operator', 'admin'] as const;
const PATCHED: readonly string[] = ['controls', 'queue/m1'];
const SPEC = { instructions: 'Explain', workspace: { directory: '/work' } };

describe('who may do what', () => {
  it.each(ALL_ROUTES)('%s is for its role, and for nobody below it', async (name, { role }) => {
    const scripted = scriptApi();
    scripted.run().end();
    const { ask } = await openServer(scripted.api);
    const { path, ...asking } = callOf(name);
    const none = await ask(path, { ...asking, token: null });
    expect(none).toMatchObject({ status: 401, json: { code: 'unauthorized' } });
    expect(none.headers['www-authenticate']).toMatch(/^Bearer /);
    const wrong = await ask(path, { ...asking, token: 'wrong' });
    expect(wrong).toMatchObject({ status: 401 });
    expect(wrong.headers['www-authenticate']).toBe('Bearer realm="optio-codex", error="invalid_token"');
    for (const mine of ROLES) {
      const { status, json } = await ask(path, { ...asking, token: `${mine}-token` });
      if (includesRole(mine, role)) expect(status).toBeLessThan(300);
      else expect([status, json.code, json.remedy]).toEqual([403, 'forbidden', `Use a token with the role ${role}.`]);
      if (!includesRole(mine, role)) expect(json.message).toMatch(new RegExp(`the token ".*" has the role ${mine}$`));
    }
  });

  it('lets a viewer reach no verb of the API that changes something', async () => {
    const { api, asked, calls, run } = scriptApi();
    run().end();
    const { ask } = await openServer(api);
    for (const [name] of ALL_ROUTES) {
      const { path, ...asking } = callOf(name);
      await ask(path, { ...asking, token: 'viewer-token' });
    }
    const reads = [
      'find',
      'list',
      'search',
      'watch',
      'requests',
      'tasks',
      'task',
      'schedules',
      'blocks',
      'models',
      'stats',
      'listSeeds',
      'seedConfig',
    ];
    expect(asked.map(([verb]) => verb).filter((verb) => !reads.includes(verb))).toEqual([]);
    expect(calls).toEqual([]);
  });

  it('answers nothing of the API without a token, also what there is not', async () => {
    const { ask } = await openServer();
    for (const path of ['/api', '/api/nothing', '/api/openapi.json', '/api/docs', '/api/runs/x/y/z', '/api//runs']) {
      expect(await ask(path, { token: null })).toMatchObject({ status: 401 });
    }
    expect(await ask('/api/runs', { method: 'OPTIONS', token: null })).toMatchObject({ status: 401 });
    expect(await ask('/api/runs', { method: 'TRACE', token: null })).toMatchObject({ status: 401 });
  });

  it.each([
    ['sandbox', { spec: { ...SPEC, sandbox: 'danger-full-access' } }],
    ['exposeLogin', { spec: { ...SPEC, exposeLogin: true } }],
    ['provider.keyVariable', { spec: { ...SPEC, provider: { baseUrl: 'http://127.0.0.1:1/v1', keyVariable: 'KEY' } } }],
    ['useConfig', { spec: { ...SPEC, useConfig: ['mcp:files'] } }],
    ['codexBinary', { spec: { ...SPEC, codexBinary: '/tmp/codex' } }],
    ['requests.notify', { spec: SPEC, options: { requests: { notify: ['/tmp/program'] } } }],
  ])('lets only an admin lift the sandbox, or choose what goes out, by configuration: %s', async (field, body) => {
    const { api, asked } = scriptApi();
    const { ask } = await openServer(api);
    const { spec, options }: { spec: object; options?: object } = body;
    const start = (token: string) => ask('/api/runs', { method: 'POST', token, body });
    const define = (token: string) => {
      return ask('/api/tasks/nightly', { method: 'PUT', token, body: { id: 'nightly', config: spec, ...options } });
    };
    for (const call of [start, define]) {
      const { status, json } = await call('operator-token');
      expect([status, json.message]).toEqual([403, expect.stringContaining(field)]);
      expect(asked).toEqual([]);
      expect((await call('admin-token')).status).toBeLessThan(300);
      expect(asked.splice(0)).toHaveLength(1);
    }
  });

  it.each([
    ['full access', { sandbox: 'danger-full-access' }, {}],
    ['a login that is shown', { exposeLogin: true }, {}],
    ['another codex', { codexBinary: '/tmp/codex' }, {}],
    ['MCP servers', { useConfig: ['mcp:files'] }, {}],
    ['what this version does not know', { freedom: true }, {}],
  ])('lets only an admin talk with a run that has %s, or make another one like it', async (_what, config, more) => {
    const definition = { id: 'nightly', config: { ...SPEC, ...config }, ...more };
    const { api, calls } = scriptApi({ runs: [detailsOf({ id: 'run-1', definition })] });
    const { ask } = await openServer(api);
    const act = async (token: string, path: string, body: object) =>
      (await ask(`/api/runs/run-1/${path}`, { method: PATCHED.includes(path) ? 'PATCH' : 'POST', token, body })).status;
    for (const [path, body] of [
      ['retry', {}],
      ['messages', { text: '!' }],
      ['controls', { model: 'other' }],
      ['queue', { text: '!' }],
      ['queue/m1', { text: '!' }],
      ['queue/m1/move', { before: null }],
      ['queue/m1/hold', {}],
      ['queue/m1/release', {}],
      ['queue/resume', {}],
    ] as const) {
      expect([path, await act('operator-token', path, body)]).toEqual([path, 403]);
      expect([path, await act('admin-token', path, body)]).toEqual([path, expect.toSatisfy((code) => code < 300)]);
    }
    expect(calls).toHaveLength(2);
    for (const path of ['queue/pause', 'cancel']) expect(await act('operator-token', path, {})).toBeLessThan(300);
  });

  it.each([
    ['a command for requests', {}, { requests: { notify: ['/tmp/program'] } }],
    ['a variable of the server', { provider: { baseUrl: 'http://127.0.0.1:1/v1', keyVariable: 'KEY' } }, {}],
  ])('lets an operator talk with a run that has %s, but make no other one like it', async (_what, config, more) => {
    const definition = { id: 'nightly', config: { ...SPEC, ...config }, ...more };
    const { api } = scriptApi({ runs: [detailsOf({ id: 'run-1', definition })] });
    const { ask } = await openServer(api);
    const asking = { method: 'POST', token: 'operator-token' };
    expect(await ask('/api/runs/run-1/messages', { ...asking, body: { text: '!' } })).toMatchObject({ status: 201 });
    expect(await ask('/api/runs/run-1/retry', asking)).toMatchObject({ status: 403 });
  });

  it('lets an operator say that he wants none of that', async () => {
    const { ask } = await openServer();
    const spec = {
      ...SPEC,
      sandbox: 'workspace-write',
      exposeLogin: false,
      provider: { baseUrl: 'http://127.0.0.1:1/v1' },
    };
    const body = { spec, options: { requests: { expireAfterMs: 1000 } } };
    expect(await ask('/api/runs', { method: 'POST', token: 'operator-token', body })).toMatchObject({ status: 201 });
  });

  it('looks at no token any more after ten wrong ones in a minute, but at those that were right before', async () => {
    let time = 0;
    const looked: string[] = [];
    const authenticate = async (secret: string) => {
      looked.push(secret);
      return /right/.test(secret) ? { name: secret, role: 'viewer' as const } : undefined;
    };
    const server = await openServer(scriptApi().api, { now: () => time, trustProxy: true, authenticate });
    const ask = (token: string, address = '192.0.2.1') => {
      return server.ask('/api/runs', { token, headers: { 'X-Forwarded-For': address } });
    };
    expect(await ask('right-1')).toMatchObject({ status: 200 });
    const many = await Promise.all(Array.from({ length: 15 }, () => ask('no')));
    expect(many.map(({ status }) => status).sort()).toEqual([...Array(10).fill(401), ...Array(5).fill(429)]);
    expect(looked.splice(0)).toHaveLength(11);
    time = 20_000;
    const refused = await ask('right-2');
    expect(refused).toMatchObject({ status: 429, json: { code: 'too-many-attempts' } });
    expect(refused.headers['retry-after']).toBe('40');
    expect(looked).toEqual([]);
    expect(await ask('right-1')).toMatchObject({ status: 200 });
    expect(await ask('right-2', '192.0.2.2')).toMatchObject({ status: 200 });
    time = 60_000;
    expect(await ask('no')).toMatchObject({ status: 401 });
  });

  it('looks at every token of this machine, and is late with the answer to a wrong one after ten', async () => {
    const { ask } = await openServer(scriptApi().api, { limits: { lateMs: 600_000 } });
    for (let index = 0; index < 10; index++) await ask('/api/runs', { token: 'no' });
    let isAnswered = false;
    const wrong = ask('/api/runs', { token: 'no' }).finally(() => {
      isAnswered = true;
    });
    wrong.catch(() => {}); // the server closes before
    for (const token of ['viewer-token', 'operator-token', 'owner-token']) {
      expect(await ask('/api/runs', { token })).toMatchObject({ status: 200 });
    }
    expect(isAnswered).toBe(false);
  });

  it('says so, when it is late', async () => {
    const { ask } = await openServer(scriptApi().api, { limits: { lateMs: 1 } });
    for (let index = 0; index < 10; index++)
      expect(await ask('/api/runs', { token: 'no' })).toMatchObject({ status: 401 });
    expect(await ask('/api/runs', { token: 'no' })).toMatchObject({ status: 429 });
    const body = { token: 'no' };
    expect(await ask('/api/session', { method: 'POST', token: null, body })).toMatchObject({ status: 429 });
  });

  it('counts by address, as a trusted proxy tells it', async () => {
    const { ask } = await openServer(scriptApi().api, { trustProxy: true });
    const from = (address: string) => ask('/api/runs', { token: 'no', headers: { 'X-Forwarded-For': address } });
    for (let index = 0; index < 10; index++) await from(`10.0.0.${index}, 192.0.2.1`);
    expect(await from('192.0.2.1')).toMatchObject({ status: 429 });
    expect(await from('192.0.2.2')).toMatchObject({ status: 401 });
  });

  it('believes nobody else about his address', async () => {
    const { ask } = await openServer(scriptApi().api, { limits: { lateMs: 1 } });
    for (let index = 0; index < 10; index++) {
      await ask('/api/runs', { token: 'no', headers: { 'X-Forwarded-For': `192.0.2.${index}` } });
    }
    const headers = { 'X-Forwarded-For': '192.0.2.99' };
    expect(await ask('/api/runs', { token: 'no', headers })).toMatchObject({ status: 429 });
  });
});
