import { describe, expect, it } from 'vitest';
import { type RunSpec, runSpecSchema } from '../../src/contract/run-spec.ts';
import { curlOf, exampleOf } from '../../src/server/curl-example.ts';
import { openApiDocument } from '../../src/server/openapi.ts';
import { fieldsOf } from '../../src/server/schema-view.ts';
import { ALL_ROUTES } from '../support/route-calls.ts';
import { scriptApi } from '../support/scripted-api.ts';
import { openServer } from '../support/server.ts';

const document = openApiDocument({ version: '1.2.3', basePath: '', cookieName: 'optio-codex-1' });

async function page(): Promise<{ text: string; policy: string }> {
  const { ask } = await openServer(scriptApi().api, { basePath: '/codex' });
  const { text, headers } = await ask('/codex/api/docs');
  return { text, policy: String(headers['content-security-policy']) };
}

describe('the reference page', () => {
  it('shows every route with its role, and every named schema', async () => {
    const { text } = await page();
    for (const [name, { method, path, role }] of ALL_ROUTES) {
      const [before = ''] = text.split(` id="${name}"`);
      const shown = before.slice(before.lastIndexOf('<details>'));
      expect(shown).toContain(`<span class="method">${method}</span>`);
      expect(shown).toContain(path);
      expect(shown).toContain(`<span class="role">${role}</span>`);
    }
    for (const name of Object.keys(document.components.schemas)) expect(text).toContain(`id="schema-${name}"`);
  });

  it('has no link to a place that is not there', async () => {
    const { text } = await page();
    const ids = new Set([...text.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id));
    const links = [...text.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
    expect(links.length).toBeGreaterThan(50);
    expect(links.filter((id) => !ids.has(id))).toEqual([]);
  });

  it('needs nothing from elsewhere, executes nothing, and closes all that it opens', async () => {
    const { text, policy } = await page();
    expect(text).not.toMatch(/<script|<link|<img|<iframe|src=|url\(|@import| on\w+=| style=/);
    expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-/);
    expect(unclosed(text)).toEqual([]);
  });

  it('is for the address at which it was found', async () => {
    const { text } = await page();
    expect(text).toMatch(/URL=http:&#\d+;|URL=http:\/\/127\.0\.0\.1:\d+\/codex\n/);
    expect(text).toContain('"$URL/api/runs"'.replaceAll('"', '&#34;'));
    expect(text).toContain('TOKEN=$(cat /data/token)');
  });

  it('shows what a text holds, and takes it for no HTML', () => {
    const html = fieldsOf({ type: 'object', properties: { '<b>': { type: 'string', description: '<i>&"' } } });
    expect(html).not.toMatch(/<b>|<i>/);
  });
});

describe('the example of a route', () => {
  it.each(ALL_ROUTES)('is taken by %s', (_name, route) => {
    const { body } = route;
    if (body === undefined || body === 'bytes') return;
    const operation = document.paths[route.path]?.[route.method.toLowerCase()];
    const schema = operation?.requestBody?.content['application/json']?.schema ?? {};
    const example = exampleOf(schema, document.components.schemas);
    expect(body.safeParse(example).error).toBeUndefined();
  });

  it('is one command of a shell', () => {
    const operation = document.paths['/api/runs']?.post;
    if (!operation) throw new Error('there is no such route');
    const example = curlOf({ path: '/api/runs', method: 'POST', operation }, document);
    const [, json = ''] = /-d '(.*)'$/.exec(example) ?? [];
    const { spec } = JSON.parse(json) as { spec: RunSpec };
    expect(runSpecSchema.safeParse(spec).success).toBe(true);
    expect(example).toMatch(/^curl -s "\$URL\/api\/runs" \\\n {2}-H "Authorization: Bearer \$TOKEN"/);
  });
});

/** The elements that are opened and not closed, or closed and not opened. */
function unclosed(html: string): string[] {
  const open: string[] = [];
  const wrong: string[] = [];
  for (const [, slash, name = ''] of html.matchAll(/<(\/?)([a-z][a-z0-9]*)[^>]*>/g)) {
    if (['meta', 'input', 'br'].includes(name)) continue;
    if (slash === '') open.push(name);
    else if (open.at(-1) === name) open.pop();
    else wrong.push(name);
  }
  return [...open, ...wrong];
}
