import { setImmediate as breathe } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { runEventSchema } from '../../src/contract/event.ts';
import { until } from '../support/processes.ts';
import { ALL_ROUTES, callOf } from '../support/route-calls.ts';
import { detailsOf } from '../support/run-summary.ts';
import { scriptApi } from '../support/scripted-api.ts';
import { openServer } from '../support/server.ts';

const OPEN = {
  id: 'r1',
  threadId: 't',
  turnId: null,
  itemId: null,
  sandboxed: 'yes',
  command: 'ls',
  cwd: '/',
} as const;

describe('the routes', () => {
  it.each(ALL_ROUTES)('answer %s as the contract says', async (name, route) => {
    const { api, run } = scriptApi();
    run().end();
    const { ask } = await openServer(api);
    const { path, ...asking } = callOf(name);
    const answer = await ask(path, asking);
    const status = route.status ?? (route.result === undefined && route.answers === undefined ? 204 : 200);
    expect({ status: answer.status, text: answer.text }).toMatchObject({ status });
    if (route.answers === 'events') expect(answer.headers['content-type']).toMatch('text/event-stream');
    else if (route.result) z.parse(route.result, answer.json);
  });

  it('hand on what a launch was given, with its key and its time', async () => {
    const { api, asked } = scriptApi();
    const { ask } = await openServer(api);
    const spec = { instructions: 'Explain', workspace: { directory: '/work' } };
    await ask('/api/runs', {
      method: 'POST',
      headers: { 'Idempotency-Key': 'once' },
      body: { spec, options: { priority: 3, notBefore: '2030-01-01T00:00:00+01:00' } },
    });
    const notBefore = new Date('2029-12-31T23:00:00.000Z');
    expect(asked).toEqual([['run', spec, { priority: 3, notBefore, idempotencyKey: 'once' }]]);
  });

  it('read filters out of the address', async () => {
    const { api, asked } = scriptApi();
    const { ask } = await openServer(api);
    await ask('/api/runs?state=running&state=paused&tag=team:red:blue&waiting=true&limit=5&sort=-name');
    const states = ['running', 'paused'];
    expect(asked).toEqual([
      ['list', { states, metadata: { team: 'red:blue' }, isWaiting: true, limit: 5, sort: '-name', cursor: undefined }],
    ]);
  });

  it('find runs and tasks of whatever name', async () => {
    const names = ['@last', 'a/b', 'a%2Fb', '100%', 'häßlich', 'a b+c?d#e', 'cancel'];
    const { api, asked } = scriptApi({ runs: names.map((id) => detailsOf({ id })) });
    const { ask } = await openServer(api);
    for (const name of names) {
      expect((await ask(`/api/runs/${encodeURIComponent(name)}`)).status).toBe(200);
      expect((await ask(`/api/tasks/${encodeURIComponent(name)}`)).status).toBe(200);
      expect(asked.splice(0)).toEqual([
        ['find', name],
        ['task', name],
      ]);
    }
  });

  it('tell the outcome, or that there is none after so long', async () => {
    const { api, run } = scriptApi();
    const { ask } = await openServer(api);
    expect((await ask('/api/runs/run-1/outcome?waitMs=1')).json).toEqual({ outcome: null });
    const waiting = ask('/api/runs/run-1/outcome?waitMs=60000');
    const { end, handle } = run();
    end('done', { text: 'It is.' });
    expect((await waiting).json).toEqual({ outcome: await handle.outcome });
    expect(await handle.outcome).toMatchObject({ status: 'done', text: 'It is.' });
  });

  it('tell in whose name a request was answered: the token says it, or its owner', async () => {
    const { api, calls } = scriptApi();
    const { ask } = await openServer(api);
    const answer = { kind: 'decision', behavior: 'allow' };
    const path = '/api/runs/run-1/requests/r1/answer';
    await ask(path, { method: 'POST', token: 'operator-token', body: { answer } });
    await ask(path, { method: 'POST', body: { answer, by: 'ada' } });
    await ask(path, { method: 'POST', token: 'operator-token', body: { answer, via: 'phone' } });
    const told = (by: string, via?: string) =>
      `answer "run-1" "r1" ${JSON.stringify(answer)} ${JSON.stringify({ by, via })}`;
    expect(calls).toEqual([told('operator'), told('ada'), told('operator', 'phone')]);
    const posing = { answer, via: 'x) or owner (' };
    expect(await ask(path, { method: 'POST', token: 'operator-token', body: posing })).toMatchObject({ status: 400 });
    expect(await ask(path, { method: 'POST', token: 'admin-token', body: { answer, by: 'ada' } })).toMatchObject({
      status: 403,
    });
  });

  it('give the journal in pages, up to what there is by now', async () => {
    const view = async () => Promise.reject(new Error('the whole of it is not needed for a page'));
    const scripted = scriptApi({ handle: { view } });
    const { run, end } = scripted.run();
    const { ask } = await openServer(scripted.api);
    for (const requestId of ['r1', 'r2', 'r3']) {
      run.emit({ type: 'request.opened', request: { kind: 'command', ...OPEN, id: requestId } });
    }
    const page = async (query: string) => {
      const { events, next } = (await ask(`/api/runs/run-1/journal${query}`)).json as {
        events: object[];
        next: number;
      };
      return [events.map((event) => z.parse(runEventSchema, event).seq), next];
    };
    expect(await page('')).toEqual([[1, 2, 3], null]);
    expect(await page('?limit=2')).toEqual([[1, 2], 2]);
    expect(await page('?after=2')).toEqual([[3], null]);
    expect(await page('?after=3')).toEqual([[], null]);
    end();
    expect(await page('?after=3')).toEqual([[4], null]);
  });

  it('end a page of the journal with the event that makes it large', async () => {
    const scripted = scriptApi();
    const { run } = scripted.run();
    const { ask } = await openServer(scripted.api);
    for (let index = 0; index < 6; index++) {
      run.emit({ type: 'notice', level: 'warning', message: 'x'.repeat(1024 * 1024) });
    }
    const page = async (query: string) => {
      const { events, next } = (await ask(`/api/runs/run-1/journal${query}`)).json as {
        events: object[];
        next: number;
      };
      return [events.length, next];
    };
    expect(await page('')).toEqual([4, 4]);
    expect(await page('?after=4')).toEqual([2, null]);
  });

  it('give files to be kept, and never to be shown', async () => {
    const { ask } = await openServer();
    const { headers, text } = await ask(`/api/runs/run-1/file?path=${encodeURIComponent('a/"ä"\n.html')}`);
    expect(text).toBe('<script>');
    const head = await ask('/api/runs/run-1/file?path=a', { method: 'HEAD' });
    expect(head).toMatchObject({ status: 200, text: '', headers: { 'content-length': '8' } });
    expect(headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "sandbox; default-src 'none'",
      'content-disposition': `attachment; filename="____.html"; filename*=UTF-8''%22%C3%A4%22%0A.html`,
    });
  });

  it('break off with a file that has become shorter meanwhile', async () => {
    const pieces = (async function* () {
      yield Buffer.from('half');
    })();
    let isClosed = false;
    const close = async () => {
      isClosed = true;
    };
    const { api } = scriptApi({ handle: { openFile: async () => ({ size: 8, pieces, close }) } });
    const { ask } = await openServer(api);
    await expect(ask('/api/runs/run-1/file?path=a')).rejects.toThrow(/aborted|socket hang up/);
    expect(isClosed).toBe(true);
  });

  it('take files byte for byte', async () => {
    const { api, calls } = scriptApi();
    const { ask } = await openServer(api);
    const { path, ...asking } = callOf('writeFile');
    expect(await ask(path, { ...asking, body: 'line\r\nline' })).toMatchObject({ status: 204 });
    expect(calls).toEqual([`writeFile "run-1" "a.txt" ${JSON.stringify('line\r\nline')}`]);
    const form = await ask(path, { ...asking, headers: { 'Content-Type': 'multipart/form-data; boundary=x' } });
    expect(form).toMatchObject({ status: 415, json: { field: 'Content-Type' } });
  });

  it('export a run in pieces, and break off where that fails on the way', async () => {
    const { ask } = await openServer();
    expect(await ask('/api/runs/run-1/export')).toMatchObject({ status: 200, text: 'as md, in two pieces' });
    const failing = scriptApi({
      handle: {
        async *export(format) {
          if (format === 'json') throw new Error('at once');
          yield 'a piece';
          throw new Error('on the way');
        },
      },
    });
    const other = await openServer(failing.api);
    await expect(other.ask('/api/runs/run-1/export')).rejects.toThrow();
    expect(await other.ask('/api/runs/run-1/export?format=json')).toMatchObject({ status: 500 });
  });

  it('let an export be whose reader has gone away', async () => {
    let isOver = false;
    const { api } = scriptApi({
      handle: {
        async *export() {
          try {
            for (;;) {
              yield 'x'.repeat(100_000);
              await breathe();
            }
          } finally {
            isOver = true;
          }
        },
      },
    });
    const { url } = await openServer(api);
    const leaving = new AbortController();
    const headers = { Authorization: 'Bearer owner-token' };
    const answer = await fetch(`${url}/api/runs/run-1/export`, { headers, signal: leaving.signal });
    expect(answer.status).toBe(200);
    leaving.abort();
    await until(() => isOver);
  });

  it('answer to HEAD without a body, and begin to read nothing that has no end', async () => {
    const { api, asked } = scriptApi();
    const { ask } = await openServer(api);
    expect(await ask('/api/runs', { method: 'HEAD' })).toMatchObject({ status: 200, text: '' });
    expect(await ask('/api/runs/run-1/events', { method: 'HEAD' })).toMatchObject({ status: 200, text: '' });
    expect(await ask('/api/runs', { method: 'HEAD', token: null })).toMatchObject({ status: 401 });
    expect(asked.map(([verb]) => verb)).toEqual(['list']);
  });

  it('lift a block that there is', async () => {
    const { api, calls } = scriptApi();
    const { ask } = await openServer(api);
    expect(await ask('/api/blocks/block-1', { method: 'DELETE' })).toMatchObject({ status: 204 });
    expect(calls).toEqual(['release "block-1"']);
    expect(await ask('/api/blocks/block-2', { method: 'DELETE' })).toMatchObject({ status: 404 });
  });
});
