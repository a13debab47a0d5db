import { describe, expect, it } from 'vitest';
import { until } from '../support/processes.ts';
import { scriptApi } from '../support/scripted-api.ts';
import { openServer } from '../support/server.ts';

const OPEN = {
  kind: 'command',
  id: 'r1',
  threadId: 't',
  turnId: null,
  itemId: null,
  sandboxed: 'yes',
  command: 'ls',
  cwd: '/',
} as const;

/** The numbers of the events in a stream, and how it ends. */
function read(text: string): unknown[] {
  return [...text.matchAll(/^id: (\d+)|^event: (\w+)/gm)].map(([, id, event]) => (id ? Number(id) : event));
}

describe('the journal as a stream', () => {
  it('goes on after a number: that of `Last-Event-ID`, or else `after`', async () => {
    const scripted = scriptApi();
    const { run, end } = scripted.run();
    const { ask } = await openServer(scripted.api);
    for (const id of ['r1', 'r2', 'r3']) run.emit({ type: 'request.opened', request: { ...OPEN, id } });
    end();
    const from = async (query: string, headers = {}) =>
      read((await ask(`/api/runs/run-1/events${query}`, { headers })).text);
    expect(await from('')).toEqual([1, 2, 3, 4, 'end']);
    expect(await from('?after=2')).toEqual([3, 4, 'end']);
    expect(await from('?after=1', { 'Last-Event-ID': '3' })).toEqual([4, 'end']);
    expect(await from('?after=4')).toEqual(['end']);
  });

  it('is not begun for a run that there is not', async () => {
    const { ask } = await openServer();
    expect(await ask('/api/runs/run-none/events')).toMatchObject({ status: 404, json: { code: 'not-found' } });
  });

  it('breaks off for somebody whose token was removed', async () => {
    const { api, asked } = scriptApi();
    const { ask, tokens } = await openServer(api, { limits: { recheckMs: 10 } });
    const own = ask('/api/runs/run-1/events').then(({ status }) => status);
    const foreign = ask('/api/runs/run-1/events', { token: 'viewer-token' }).catch((error: Error) => error.message);
    await until(() => asked.length === 2);
    tokens.delete('viewer-token');
    expect(await foreign).toBe('aborted');
    tokens.delete('owner-token');
    await expect(own).rejects.toThrow('aborted');
  });
});

describe('what changes as a stream', () => {
  it('is of the runs that the address names', async () => {
    const { api, asked } = scriptApi();
    const { ask } = await openServer(api);
    const { text } = await ask('/api/updates?state=running&tag=team:red');
    expect(text).toMatch(/^data: \{"type":"snapshot"/m);
    expect(asked).toEqual([['watch', { states: ['running'], metadata: { team: 'red' } }]]);
  });
});

describe('what is answered outside of the API', () => {
  it('says to everybody that the server is alive, and no more', async () => {
    const { ask } = await openServer();
    expect(await ask('/healthz', { token: null })).toMatchObject({
      status: 200,
      json: { status: 'ok', version: '1.2.3' },
    });
  });

  it('leads to the reference', async () => {
    const { ask } = await openServer(undefined, { basePath: '/codex' });
    expect(await ask('/codex/', { token: null })).toMatchObject({
      status: 302,
      headers: { location: '/codex/api/docs' },
    });
  });

  it('may be more, for those who may see it', async () => {
    const page = { name: 'metrics', method: 'GET', path: '/metrics', role: 'viewer' } as const;
    const { ask } = await openServer(undefined, {
      pages: [{ ...page, answer: ({ outgoing }) => void outgoing.end('numbers') }],
    });
    expect(await ask('/metrics', { token: 'viewer-token' })).toMatchObject({ status: 200, text: 'numbers' });
    expect(await ask('/metrics', { token: null })).toMatchObject({ status: 401 });
    expect(await ask('/metrics', { method: 'POST', token: null })).toMatchObject({ status: 405 });
  });
});
