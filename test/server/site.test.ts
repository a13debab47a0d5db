import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { testDirectory } from '../support/directories.ts';
import { openServer } from '../support/server.ts';

const DOCUMENT = '<!doctype html><head><base href="/" /></head>';
const SCRIPT = 'console.log("page");\n';

/** The addresses of the page's own screens, with something in the place of what each leaves open. */
const SCREENS = Array.from(
  readFileSync(new URL('../../web/src/screens.tsx', import.meta.url), 'utf8').matchAll(/<Route path="([^"]+)"/g),
  ([, path = '']) => path.replace(/:\w+/, 'one'),
);

/** A built page, in small. */
function makeSite(): string {
  const site = testDirectory('site');
  mkdirSync(join(site, 'assets'));
  writeFileSync(join(site, 'index.html'), DOCUMENT);
  writeFileSync(join(site, 'assets', 'index-1a2b.js'), SCRIPT);
  writeFileSync(join(site, 'icon.svg'), '<svg/>');
  writeFileSync(join(site, '.stamp'), 'secret');
  return site;
}

describe('the page', () => {
  it.each(SCREENS)('is one document at %s, which anybody may see', async (path) => {
    const { ask } = await openServer(undefined, { site: makeSite() });
    const { status, headers, text } = await ask(path, { token: null });
    expect([status, headers['content-type'], text]).toEqual([200, 'text/html; charset=utf-8', DOCUMENT]);
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
    expect(policy).not.toMatch(/unsafe|\*/);
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY' });
  });

  it('says where it lies behind a proxy', async () => {
    const { ask } = await openServer(undefined, { site: makeSite(), basePath: '/codex' });
    expect((await ask('/codex/runs/run-1', { token: null })).text).toContain('<base href="/codex/" />');
    expect(await ask('/codex/assets/index-1a2b.js', { token: null })).toMatchObject({ status: 200, text: SCRIPT });
  });

  it('has files that may be kept, since their names change with them', async () => {
    const { ask } = await openServer(undefined, { site: makeSite() });
    const { headers, text } = await ask('/assets/index-1a2b.js', { token: null });
    expect(text).toBe(SCRIPT);
    expect(headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
    });
    const icon = await ask('/icon.svg', { token: null });
    expect(icon.headers).toMatchObject({ 'content-type': 'image/svg+xml', 'cache-control': 'no-cache' });
  });

  it('packs them for whoever takes that', async () => {
    const { url } = await openServer(undefined, { site: makeSite() });
    const plain = await fetch(`${url}/assets/index-1a2b.js`);
    expect([plain.headers.get('content-encoding'), await plain.text()]).toEqual(['gzip', SCRIPT]);
  });

  it.each([
    '/assets/index.js',
    '/assets/..%2f.stamp',
    '/assets/%2e%2e/.stamp',
    '/assets/..%2findex.html',
    '/.stamp',
    '/assets/',
  ])('has nothing at %s', async (path) => {
    const { ask } = await openServer(undefined, { site: makeSite() });
    const { status, text } = await ask(path, { token: null });
    expect(status).toBe(404);
    expect(text).not.toContain('secret');
  });

  it.each(['/nowhere', '/runs/x/y', '/codex/nowhere'])(
    'says to a browser that there is nothing at %s',
    async (path) => {
      const { ask } = await openServer(undefined, { site: makeSite(), basePath: '/codex' });
      const browser = { token: null, headers: { Accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } };
      const { status, headers, text } = await ask(path, browser);
      expect([status, headers['content-type']]).toEqual([404, 'text/html; charset=utf-8']);
      expect(text).toContain('<base href="/codex/" />');
      expect(String(headers['content-security-policy'])).toContain("default-src 'none'");
      for (const other of [{ token: null }, { ...browser, method: 'POST', body: {} }]) {
        const answer = await ask(path, other);
        expect([answer.status, answer.json.code]).toEqual([404, 'not-found']);
      }
    },
  );

  it('is not what a browser gets from the API', async () => {
    const { ask } = await openServer(undefined, { site: makeSite() });
    const { status, json } = await ask('/api/nowhere', { headers: { Accept: 'text/html' } });
    expect([status, json.code]).toEqual([404, 'not-found']);
  });

  it('gives way to the reference where it was not built', async () => {
    const { ask } = await openServer(undefined, { site: join(testDirectory('site'), 'nothing') });
    expect(await ask('/', { token: null })).toMatchObject({ status: 302, headers: { location: '/api/docs' } });
  });
});
