import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { httpError } from '../../../src/testing/index.ts';
import { testDirectory } from '../../support/directories.ts';
import { makeToken, REFRESH_TOKEN, writeLogin } from '../../support/logins.ts';
import { makePlace, type PlaceOptions, type RunPlace, watchRun } from '../../support/run.ts';
import { startTlsProxy } from '../../support/tls-proxy.ts';

/** A place that writes a trace. The variable is read where every setting is. */
async function makeTracedPlace(options: PlaceOptions = {}): Promise<RunPlace & { traceFile: string }> {
  const traceFile = join(testDirectory('trace'), 'trace.log');
  const place = await makePlace({ ...options, env: { ...options.env, OPTIO_CODEX_TRACE: traceFile } });
  return { ...place, traceFile };
}

/** The messages of a trace, `>` out and `<` in, each with its method where it has one. */
function readTrace(file: string): { direction: string; text: string; method: string | undefined }[] {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  return lines.map((line) => {
    const [, direction = '', text = ''] = /^\d{4}-\d\d-\d\dT\S+Z ([<>]) (.*)$/.exec(line) ?? [];
    return { direction, text, method: text.startsWith('{') ? JSON.parse(text).method : undefined };
  });
}

describe('the trace of a run', () => {
  it('holds the wire in both directions, from the first word to the end of the turn, for our eyes only', async () => {
    const place = await makeTracedPlace();
    const { outcome } = await watchRun(place, { instructions: '!run echo traced\n!say hello' });
    expect([outcome.status, outcome.error]).toEqual(['done', undefined]);
    const messages = readTrace(place.traceFile);
    expect(messages.every(({ direction }) => direction === '<' || direction === '>')).toBe(true);
    expect(messages[0]).toMatchObject({ direction: '>', method: 'initialize' });
    const sent = messages.flatMap(({ direction, method }) => (direction === '>' && method ? [method] : []));
    expect(sent).toEqual(expect.arrayContaining(['initialized', 'thread/start', 'turn/start']));
    const got = messages.flatMap(({ direction, method }) => (direction === '<' && method ? [method] : []));
    expect(got).toEqual(expect.arrayContaining(['turn/started', 'item/completed', 'turn/completed']));
    expect(messages.some(({ direction, text }) => direction === '<' && text.includes('echo traced'))).toBe(true);
    expect(statSync(place.traceFile).mode & 0o777).toBe(0o600);
  });

  it('goes on where an earlier run left it', async () => {
    const place = await makeTracedPlace();
    await watchRun(place, { instructions: '!say one' });
    const before = readFileSync(place.traceFile, 'utf8');
    await watchRun(place, { instructions: '!say two' });
    const after = readFileSync(place.traceFile, 'utf8');
    expect(after.startsWith(before)).toBe(true);
    expect(after.slice(before.length)).toContain('"initialize"');
  });

  it.each(['sk-canary-of-the-trace', 'sk-short-1234'])(
    'never holds the key of a provider, also when the provider says it back (%s)',
    async (key) => {
      const place = await makeTracedPlace({
        env: { KEY: key },
        script: () => [httpError(400, { error: { message: `Incorrect API key provided: ${key}` } })],
      });
      const { outcome, events } = await watchRun(place, {
        instructions: 'Go.',
        provider: { baseUrl: place.model.url, keyVariable: 'KEY' },
      });
      expect(outcome).toMatchObject({
        status: 'failed',
        error: { message: expect.stringContaining('Incorrect API key') },
      });
      expect(JSON.stringify(events), 'nor the journal').not.toContain(key);
      expect(place.model.requests[0]?.headers.authorization).toBe(`Bearer ${key}`);
      const trace = readFileSync(place.traceFile, 'utf8');
      expect(trace).toContain('Incorrect API key');
      expect(trace).toContain('(a login, left out)');
      expect(trace).not.toContain(key);
    },
  );

  it('never holds a token of a ChatGPT login, neither the first nor a newer one', async () => {
    const [old, newer] = [makeToken(60, 'old'), makeToken(60, 'newer')];
    const { model } = await makePlace();
    const proxy = await startTlsProxy(model);
    const place = await makeTracedPlace({ env: proxy.env });
    writeLogin(place.home, old);
    proxy.refuseToken(old);
    const spec = { instructions: '!say hello', provider: undefined, model: undefined } as never;
    const { outcome } = await watchRun(place, spec, (event) => {
      if (event.type === 'session.started') writeLogin(place.home, newer);
    });
    expect(outcome).toMatchObject({ status: 'done', text: 'hello' });
    expect(proxy.requests.some(({ authorization }) => authorization === `Bearer ${newer}`)).toBe(true);
    const trace = readFileSync(place.traceFile, 'utf8');
    expect(trace).toContain('account/chatgptAuthTokens/refresh');
    // Codex may ask more than once for a newer one.
    expect(trace.match(/> \(a login, left out\)/g)?.length).toBeGreaterThan(1);
    for (const secret of [old, newer, REFRESH_TOKEN]) expect(trace).not.toContain(secret);
  });
});
