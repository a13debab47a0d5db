import { type OutgoingHttpHeaders, request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { connectTo } from '../../../src/client/client.ts';
import type { RunEvent } from '../../../src/contract/event.ts';
import { endTurn, escalate, say } from '../../../src/testing/step.ts';
import { until } from '../../support/processes.ts';
import { NAME, type Nginx, startNginx } from './nginx.ts';
import { type ServedPlace, servePlace } from './served.ts';

/** As the page has the server started. */
const FLAGS = ['--base-path', '/codex', '--allow-host', NAME, '--trust-proxy'];

function clientOf({ url, fetch }: Nginx, { token }: ServedPlace) {
  return connectTo({ url, token, fetch });
}

const specOf = ({ workspace, model }: ServedPlace) => ({
  instructions: 'Greet everybody',
  workspace: { directory: workspace },
  provider: { baseUrl: model.url },
  model: 'scripted',
  permissionGate: true,
});

/** Reads until Codex asks: then nothing more comes until somebody answers. */
async function readToRequest(events: AsyncIterable<RunEvent>): Promise<RunEvent[]> {
  const read: RunEvent[] = [];
  for await (const event of events) {
    read.push(event);
    if (event.type === 'request.opened') break;
  }
  return read;
}

describe('the nginx of docs/operations.md', () => {
  it('carries a whole run: each event as it comes, an answer, a large file, and the end', async () => {
    const place = await servePlace([escalate('touch greeted', 'It has to be seen.'), say('Hello.')], FLAGS);
    const proxy = await startNginx(place.url);
    await using optio = clientOf(proxy, place);
    const run = await optio.run(specOf(place));
    const read = await readToRequest(run.events());
    // Nothing comes after it, so that no buffer has been filled: it was passed on as it was.
    const asked = read.at(-1);
    if (asked?.type !== 'request.opened') throw new Error('the stream has ended before the request');
    expect((await run.details()).state).toBe('running');
    await run.answer(asked.request.id, { kind: 'decision', behavior: 'deny' });
    const large = new Uint8Array(3 * 1024 * 1024).fill(7); // more than nginx takes by itself
    await run.writeFile('large.bin', large);
    expect(Buffer.compare(await run.readFile('large.bin'), large)).toBe(0);
    expect(await run.outcome).toMatchObject({ status: 'done', text: 'Hello.' });
    const whole: number[] = [];
    for await (const { seq } of run.events()) whole.push(seq);
    expect(whole).toEqual(whole.map((_, index) => index + 1));
    expect(whole.length).toBeGreaterThan(read.length);
  });

  it('waits no longer for an answer than it was told, and a message that took longer arrives once', async () => {
    const script = [escalate('touch greeted', 'It has to be seen.'), say('Hello.'), endTurn(), say('Again.')];
    const place = await servePlace(script, FLAGS);
    const proxy = await startNginx(place.url, '1s');
    const retries: string[] = [];
    await using optio = connectTo({
      ...proxy,
      token: place.token,
      onRetry: ({ error }) => retries.push(error.message),
    });
    const run = await optio.run({ ...specOf(place), endRule: 'told' });
    const asked = (await readToRequest(run.events())).at(-1);
    if (asked?.type !== 'request.opened') throw new Error('the stream has ended before the request');
    const sent = run.send('And again'); // it waits for the end of the turn, which waits for the answer
    await until(() => retries.some((message) => message.includes('504')), 'an answer of nginx itself');
    await run.answer(asked.request.id, { kind: 'decision', behavior: 'deny' });
    const turn = await sent;
    expect(await turn.completed).toMatchObject({ status: 'completed', text: 'Again.' });
    await run.finish();
    await run.outcome;
    const messages: string[] = [];
    for await (const event of run.events()) if (event.type === 'message.sent') messages.push(event.text);
    expect(messages).toEqual(['Greet everybody', 'And again']);
  });

  it('leads a browser to a session whose cookie goes over HTTPS only', async () => {
    const place = await servePlace([], FLAGS);
    const { url, ask } = await startNginx(place.url);
    const { origin } = new URL(url);
    const own = { Origin: origin, 'Sec-Fetch-Site': 'same-origin', 'Content-Type': 'application/json' };
    const body = JSON.stringify({ token: place.token });
    const login = await ask('/codex/api/session', { method: 'POST', headers: own, body });
    expect(login.status).toBe(201);
    const [cookie = ''] = login.headers['set-cookie'] ?? [];
    expect(cookie).toMatch(/; Path=\/codex; .*HttpOnly; SameSite=Strict; Secure$/);
    const headers = { Cookie: cookie.split(';')[0] };
    expect((await ask('/codex/api/runs', { headers })).status).toBe(200);
    expect((await ask('/codex/', { headers })).text).toContain('<base href="/codex/" />');
    const foreign = { ...own, Origin: 'https://elsewhere.example' };
    expect((await ask('/codex/api/session', { method: 'POST', headers: foreign, body })).status).toBe(403);
  });

  it('lets no client say for itself who and where it is', async () => {
    const place = await servePlace([], FLAGS);
    const { ask } = await startNginx(place.url);
    const wrong = { Authorization: 'Bearer oc_wrong-wrong-wrong-wrong' };
    const statuses: number[] = [];
    for (let last = 1; last <= 11; last++) {
      const headers = { ...wrong, 'X-Forwarded-For': `192.0.2.${last}`, 'X-Forwarded-Host': 'elsewhere.example' };
      statuses.push((await ask('/codex/api/runs', { headers })).status);
    }
    // As many from one address, whatever they say of themselves; and none was refused for the host.
    expect(statuses).toEqual([...Array(10).fill(401), 429]);
  });

  it('is not believed, and nobody else is, by a server that was not told to', async () => {
    const place = await servePlace([], ['--base-path', '/codex', '--allow-host', NAME]);
    const { ask } = await startNginx(place.url);
    const body = JSON.stringify({ token: place.token });
    const typed = { 'Content-Type': 'application/json' };
    const login = await ask('/codex/api/session', { method: 'POST', headers: typed, body });
    expect(login.headers['set-cookie']?.[0]).not.toContain('Secure');
    const { host } = new URL(place.url);
    const authorization = `Bearer ${place.token}`;
    const forged = { Host: 'elsewhere.example', 'X-Forwarded-Host': host, Authorization: authorization };
    expect(await askPlainly(place, forged)).toBe(403);
    expect(await askPlainly(place, { ...forged, Host: host, 'X-Forwarded-Host': 'elsewhere.example' })).toBe(200);
    const statuses: number[] = [];
    for (let last = 1; last <= 11; last++) {
      const headers = { Authorization: 'Bearer oc_wrong-wrong-wrong-wrong', 'X-Forwarded-For': `192.0.2.${last}` };
      statuses.push(await askPlainly(place, headers));
    }
    expect(statuses).toEqual([...Array(10).fill(401), 429]);
  });
});

/** The status of a list of runs that is asked for without any proxy. */
function askPlainly({ url }: ServedPlace, headers: OutgoingHttpHeaders): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request(`${url}/api/runs`, { headers, agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    asked.once('error', reject).end();
  });
}
