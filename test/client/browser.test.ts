import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createContext, runInContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { newKey } from '../../src/client/key.ts';
import { frame, journalOf } from '../support/frames.ts';
import { RouteServer } from '../support/route-server.ts';

const SRC = join(import.meta.dirname, '..', '..', 'src');
const ENTRY = join(SRC, 'client', 'index.ts');

/** What a module imports, and what that imports, without types: packages, and files of ours. */
function importsOf(file: string, seen = new Set<string>()): Set<string> {
  seen.add(relative(SRC, file));
  const statements = readFileSync(file, 'utf8').matchAll(/^(?:import|export) (?!type\b)[^;]*?from '([^']+)'/gm);
  for (const [, path = ''] of statements) {
    if (!path.startsWith('.')) seen.add(path);
    else if (!seen.has(relative(SRC, join(dirname(file), path)))) importsOf(join(dirname(file), path), seen);
  }
  return seen;
}

/** One script for a page, made by the bundler that the tests themselves are made with. */
async function bundle(): Promise<string> {
  const ofVitest = createRequire(createRequire(import.meta.url).resolve('vitest/package.json'));
  const { build } = await import(pathToFileURL(ofVitest.resolve('vite')).href);
  const lib = { entry: ENTRY, formats: ['iife'], name: 'client' };
  const [{ output }] = await build({
    configFile: false,
    logLevel: 'silent',
    build: { write: false, minify: true, lib },
  });
  return output[0].code;
}

describe('the client in a browser', () => {
  it('needs nothing of Node, and two packages', () => {
    const imports = [...importsOf(ENTRY)];
    expect(imports).toContain('client/resume.ts');
    expect(imports.filter((path) => path.startsWith('node:'))).toEqual([]);
    expect(imports.filter((path) => !path.endsWith('.ts')).sort()).toEqual(['eventsource-parser', 'zod']);
    const parts = new Set(imports.filter((path) => path.endsWith('.ts')).map((path) => path.split('/')[0]));
    expect(parts).toEqual(new Set(['client', 'contract', 'errors.ts']));
  });

  it('is one script that works with what a page has', async () => {
    const code = await bundle();
    const size = `${Math.round(code.length / 1024)} KiB, ${Math.round(gzipSync(code).length / 1024)} KiB as gzip`;
    process.stdout.write(`optio-codex/client as one script: ${size}\n`);
    const { AbortController, AbortSignal, DOMException, ReadableStream, TextDecoder } = globalThis;
    const { URL, URLSearchParams, clearTimeout, crypto, fetch, performance, setTimeout } = globalThis;
    const web = { AbortController, AbortSignal, DOMException, ReadableStream, TextDecoder };
    const page = { ...web, URL, URLSearchParams, clearTimeout, crypto, fetch, performance, setTimeout };

    const server = await RouteServer.start();
    server.on('showRun', () => ({ id: 'run-1' }));
    server.on('readEvents', (_received, outgoing) => {
      outgoing.writeHead(200, { 'content-type': 'text/event-stream' });
      return outgoing.end(journalOf(3).map(frame).join(''));
    });
    server.lose('readEvents', 'before');
    const work = `(async () => {
      const api = client.connectTo({ url: '/codex/', token: 'secret' });
      const run = await api.find('@last');
      const view = client.createRunView();
      for await (const event of run.events()) client.applyEvent(view, event);
      await api.close();
      const error = await api.tasks().catch((error) => error);
      return JSON.stringify({ state: view.state, code: error.code });
    })()`;
    const location = { href: `${server.url}/codex/runs/1` };
    const given = await runInContext(`${code};${work}`, createContext({ ...page, location }));
    expect(JSON.parse(given)).toEqual({ state: 'done', code: 'aborted' });
    expect(server.received.at(-1)).toMatchObject({ name: 'readEvents', token: 'secret' });
    expect(server.paths.at(-1)).toBe('/codex/api/runs/run-1/events');
  });

  it('makes keys where a page has no randomUUID, since it came over plain HTTP', () => {
    vi.stubGlobal('crypto', { getRandomValues: crypto.getRandomValues.bind(crypto) });
    onTestFinished(() => void vi.unstubAllGlobals());
    const keys = Array.from({ length: 100 }, newKey);
    expect(new Set(keys).size).toBe(100);
    for (const key of keys) expect(key).toMatch(/^[0-9a-f]{32}$/);
  });
});
