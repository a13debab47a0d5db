import { describe, expect, it } from 'vitest';
import { includesRole } from '../../src/contract/role.ts';
import { ALL_ROUTES, callOf } from '../support/route-calls.ts';
import { scriptApi } from '../support/scripted-api.ts';
import { openServer } from '../support/server.ts';

const ROLES = ['viewer', 'operator', 'admin'] as const;
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
    const reads = ['find', 'list', 'watch', 'requests', 'tasks', 'task', 'schedules', 'blocks', 'models', 'stats'];
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

  it('looks at no wrong token any more after ten in a minute, and always at the right one', async () => {
    let time = 0;
    const { ask } = await openServer(scriptApi().api, { now: () => time });
    for (let index = 0; index < 10; index++)
      expect(await ask('/api/runs', { token: 'no' })).toMatchObject({ status: 401 });
    time = 20_000;
    const refused = await ask('/api/runs', { token: 'no' });
    expect(refused).toMatchObject({ status: 429, json: { code: 'too-many-attempts' } });
    expect(refused.headers['retry-after']).toBe('40');
    expect(await ask('/api/session', { method: 'POST', token: null, body: { token: 'no' } })).toMatchObject({
      status: 429,
    });
    expect(await ask('/api/runs')).toMatchObject({ status: 200 });
    time = 60_000;
    expect(await ask('/api/runs', { token: 'no' })).toMatchObject({ status: 401 });
  });

  it('counts by address, as a trusted proxy tells it', async () => {
    const { ask } = await openServer(scriptApi().api, { trustProxy: true });
    const from = (address: string) => ask('/api/runs', { token: 'no', headers: { 'X-Forwarded-For': address } });
    for (let index = 0; index < 10; index++) await from(`10.0.0.${index}, 192.0.2.1`);
    expect(await from('192.0.2.1')).toMatchObject({ status: 429 });
    expect(await from('192.0.2.2')).toMatchObject({ status: 401 });
  });

  it('believes nobody else about his address', async () => {
    const { ask } = await openServer();
    for (let index = 0; index < 10; index++) {
      await ask('/api/runs', { token: 'no', headers: { 'X-Forwarded-For': `192.0.2.${index}` } });
    }
    const headers = { 'X-Forwarded-For': '192.0.2.99' };
    expect(await ask('/api/runs', { token: 'no', headers })).toMatchObject({ status: 429 });
  });
});
