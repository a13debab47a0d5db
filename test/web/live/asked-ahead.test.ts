import { readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { connectTo } from '../../../src/client/index.ts';
import { fetchOrTake } from '../../../web/src/live/asked-ahead.ts';

const SCRIPT = readFileSync(new URL('../../../web/src/live/ask-ahead.js', import.meta.url), 'utf8');

/** What the script asks for in a page at this address, below this base; `late` lets its time go by. */
function askAhead(address: string, base = '/') {
  const asked: { readonly path: string; readonly signal: AbortSignal }[] = [];
  const location = new URL(address);
  let late = () => {};
  const page = {
    ...{ URL, Map, AbortController, location },
    document: { baseURI: new URL(base, location).href },
    fetch: async (path: string, { signal }: RequestInit) => {
      asked.push({ path, signal: signal as AbortSignal });
      return new Response(path);
    },
    setTimeout: (act: () => void) => {
      late = act;
    },
    askedAhead: undefined as typeof globalThis.askedAhead,
  };
  runInNewContext(`globalThis.globalThis = globalThis; ${SCRIPT}`, page);
  return { asked, answers: page.askedAhead, late: () => late() };
}

afterEach(() => {
  vi.unstubAllGlobals();
  globalThis.askedAhead = undefined;
});

describe('what a page asks for before its code is there', () => {
  it.each([
    ['http://host:1/', '/', undefined],
    ['http://host:1/runs/run-1', '/', 'run-1'],
    ['http://host:1/codex/runs/run-1', '/codex/', 'run-1'],
    ['http://host:1/codex/requests', '/codex/', undefined],
  ])('is what that asks for first: %s', async (address, base, run) => {
    const { answers } = askAhead(address, base);
    const wanted: string[] = [];
    const api = connectTo({
      url: new URL(base, address).href,
      patienceMs: 0,
      fetch: async (url) => {
        wanted.push(url);
        if (wanted.length > 1) throw new Error('enough');
        return Response.json({ apiVersion: 1 });
      },
    });
    const reader = api.watch({}, run === undefined ? {} : { follow: { run, after: 0 } })[Symbol.asyncIterator]();
    await expect(reader.next()).rejects.toThrow();
    expect([...(answers?.keys() ?? [])]).toEqual(wanted);
  });

  it('is taken once, and asked for after that', async () => {
    globalThis.askedAhead = askAhead('http://host:1/').answers;
    vi.stubGlobal('location', new URL('http://host:1/'));
    vi.stubGlobal('fetch', async () => new Response('anew'));
    const read = async (init: RequestInit = {}) => (await fetchOrTake('http://host:1/api/server', init)).text();
    expect(await read({ method: 'POST' })).toBe('anew');
    expect(await read()).toBe('/api/server');
    expect(await read()).toBe('anew');
  });

  it('is asked for again where it was refused, or nobody answered', async () => {
    const calledOff = new AbortController();
    const refused = Promise.resolve(new Response('no', { status: 401 }));
    const lost = Promise.reject(new TypeError('nobody there'));
    lost.catch(() => {});
    globalThis.askedAhead = new Map([
      ['http://host:1/refused', { response: refused, calledOff }],
      ['http://host:1/lost', { response: lost, calledOff }],
    ]);
    vi.stubGlobal('location', new URL('http://host:1/'));
    vi.stubGlobal('fetch', async () => new Response('anew'));
    for (const path of ['/refused', '/lost']) expect(await (await fetchOrTake(path, {})).text()).toBe('anew');
  });

  it('is called off with whoever has taken it', async () => {
    const { answers, asked } = askAhead('http://host:1/');
    globalThis.askedAhead = answers;
    vi.stubGlobal('location', new URL('http://host:1/'));
    const leaving = new AbortController();
    await fetchOrTake('/api/updates', { signal: leaving.signal });
    leaving.abort();
    expect(asked.map(({ path, signal }) => [path, signal.aborted])).toEqual([
      ['/api/server', false],
      ['/api/updates', true],
    ]);
  });

  it('is called off where nobody takes it, and nothing is asked for by whoever comes by a link to log in', () => {
    const { asked, answers, late } = askAhead('http://host:1/');
    late();
    expect(asked.map(({ signal }) => signal.aborted)).toEqual([true, true]);
    expect(answers?.size).toBe(0);
    expect(askAhead('http://host:1/#login=code').asked).toEqual([]);
  });
});
