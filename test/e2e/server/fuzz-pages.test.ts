import { Agent } from 'node:http';
import fc from 'fast-check';
import { expect, it, onTestFinished } from 'vitest';
import { BAD_BODIES, METHODS } from '../../support/bad-requests.ts';
import { sendRaw } from '../../support/raw-request.ts';
import { scriptApi } from '../../support/scripted-api.ts';
import { openServer } from '../../support/server.ts';

/** Say the same one again to see the same again. */
const SEED = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31);
const REQUESTS = Number(process.env.FUZZ_REQUESTS ?? 150);
/** What the document does not tell of. */
const PAGES = [
  '/api/session',
  '/metrics',
  '/api/docs',
  '/api/openapi.json',
  '/healthz',
  '/readyz',
  '/',
  '/favicon.ico',
];
const FORM = 'application/x-www-form-urlencoded';

it('answers whatever is sent to a page, in one way or another, and lets nobody in by that', {
  timeout: 120_000,
}, async () => {
  const { port } = await openServer(scriptApi().api);
  const agent = new Agent({ keepAlive: true });
  onTestFinished(() => agent.destroy());
  const text = fc.oneof(fc.constantFrom(...BAD_BODIES), fc.string({ unit: 'binary', maxLength: 50 }));
  const headers = fc.record(
    {
      Authorization: fc.constantFrom('Bearer viewer-token', 'Bearer wrong', 'Basic \xff'),
      Cookie: fc.constantFrom('optio-codex=\xff; =;;', `optio-codex-${port}=${'x'.repeat(500)}`, '=;='),
      'Content-Type': fc.constantFrom('application/json', FORM, 'multipart/form-data; boundary=x', 'text/plain'),
      Accept: fc.constantFrom('text/html', 'application/json', 'image/png', '*/*'),
      Origin: fc.constantFrom('null', 'http://evil.example', `http://127.0.0.1:${port}`),
    },
    { requiredKeys: [], noNullPrototype: true },
  );
  const requests = fc.record({
    method: fc.constantFrom(...METHODS),
    page: fc.constantFrom(...PAGES),
    rest: fc.constantFrom('', '', '', '?', '?token=owner-token', '?next=//evil.example', '/', '/x', '?%ff=%fe'),
    headers,
    body: fc.oneof(
      text,
      text.map((token) => JSON.stringify({ token })),
      text.map((token) => `token=${encodeURIComponent(token.toWellFormed())}`),
    ),
  });
  const property = fc.asyncProperty(requests, async ({ method, page, rest, body, ...sent }) => {
    const latin = Buffer.from(method === 'TRACE' ? '' : body).toString('latin1');
    const { status, text: said } = await sendRaw(
      { port, agent },
      { method, path: page + rest, headers: sent.headers, body: latin },
    );
    expect(status, said).toBeLessThan(500);
    if (page === '/api/session' && method === 'POST')
      expect([400, 401, 403, 404, 408, 413, 415, 417, 429], said).toContain(status);
  });
  await fc.assert(property, { seed: SEED, numRuns: REQUESTS * PAGES.length });
});
