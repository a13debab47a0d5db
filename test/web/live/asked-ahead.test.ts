import { readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { connectTo } from '../../../src/client/index.ts';
import { fetchOrTake } from '../../../web/src/live/asked-ahead.ts';
import { readJournalEnd } from '../../../web/src/live/journal-end.ts';

const SCRIPT = readFileSync(new URL('../../../web/src/live/ask-ahead.js', import.meta.url), 'utf8');

/** What the script asks for in a page at this address, below this base; `late` lets its time go by. */
function askAhead(address: string, base = '/') {
  const asked: { readonly path: string; readonly signal: AbortSignal }[] = [];
  const location = new URL(address);
  let late = () => {};
  const links: unknown[] = [];
  const page = {
    ...{ URL, Map, AbortController, location },
    document: {
      baseURI: new URL(base, location).href,
      currentScript: { dataset: { runs: 'assets/runs.js', run: 'assets/run.js assets/code.woff2' } },
      createElement: () => ({}),
      head: { append: (link: unknown) => links.push(link) },
    },
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
  return { asked, answers: page.askedAhead, links, late: () => late() };
}

afterEach(() => {
  vi.unstubAllGlobals();
  globalThis.askedAhead = undefined;
});

describe('what a page asks for before its code is there', () => {
  it.each([
    ['http://host:1/', '/'],
    ['http://host:1/codex/requests', '/codex/'],
  ])('is what that asks for first: %s', async (address, base) => {
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
    const reader = api.watch({})[Symbol.asyncIterator]();
    await expect(reader.next()).rejects.toThrow();
    expect([...(answers?.keys() ?? [])].sort()).toEqual(wanted.sort());
  });

  it.each([
    ['http://host:1/runs/run-1', '/'],
    ['http://host:1/codex/runs/run-1', '/codex/'],
  ])('is the end of the run whose address that is: %s', async (address, base) => {
    globalThis.askedAhead = askAhead(address, base).answers;
    vi.stubGlobal('location', new URL(address));
    const answers = new Map(globalThis.askedAhead);
    vi.stubGlobal('fetch', async () => expect.fail('it was asked for ahead'));
    await readJournalEnd(base.replace(/\/$/, ''), 'run-1');
    const taken = [...answers.keys()].filter((path) => !globalThis.askedAhead?.has(path));
    expect(taken).toEqual([`http://host:1${base}api/runs/run-1/journal?last=300`]);
  });

  it('is the code of the screen that lies there', () => {
    const code = { rel: 'modulepreload', crossOrigin: '' };
    expect(askAhead('http://host:1/').links).toEqual([{ ...code, href: 'assets/runs.js' }]);
    expect(askAhead('http://host:1/codex/runs/run-1', '/codex/').links).toEqual([
      { ...code, href: 'assets/run.js' },
      { rel: 'preload', as: 'font', crossOrigin: '', href: 'assets/code.woff2' },
    ]);
    expect(askAhead('http://host:1/tasks').links).toEqual([]);
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
      ['/api/updates', true],
      ['/api/server', false],
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
