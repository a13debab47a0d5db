import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeToken, writeLogin } from '../../support/logins.ts';
import { makePlace, type RunPlace, type TestSpec, watchRun } from '../../support/run.ts';
import { filesWith } from '../../support/search.ts';
import { startTlsProxy } from '../../support/tls-proxy.ts';

/** With the provider and the model that codex has by itself. */
const openai: TestSpec = { instructions: '!say hello', provider: undefined, model: undefined } as never;

/** A place whose codex comes to a stand-in for OpenAI. */
async function makeOpenAiPlace(
  env: Record<string, string> = {},
): Promise<RunPlace & { proxy: Awaited<ReturnType<typeof startTlsProxy>> }> {
  const first = await makePlace();
  const proxy = await startTlsProxy(first.model);
  const place = await makePlace({ env: { ...proxy.env, ...env } });
  return { ...place, model: first.model, proxy };
}

describe('logins of a managed run', () => {
  it('lends the access token of the ChatGPT login, and touches neither its file nor its refresh token', async () => {
    const place = await makeOpenAiPlace();
    const token = makeToken(60);
    const file = writeLogin(place.home, token);
    const before = readFileSync(file, 'utf8');
    const { outcome, of } = await watchRun(place, openai);
    expect(outcome).toMatchObject({ status: 'done', text: 'hello' });
    const asked = place.proxy.requests.filter(({ path }) => path.endsWith('/responses'));
    expect(asked.at(-1)).toMatchObject({ authorization: `Bearer ${token}`, accountId: 'acct-1' });
    expect(place.proxy.requests.some(({ path }) => path.includes('oauth'))).toBe(false);
    expect(readFileSync(file, 'utf8')).toBe(before);
    expect(of('session.started')[0]?.login).toBe(
      `ChatGPT login of ada@example.org, lent from ${join(place.home, '.codex')}`,
    );
  });

  it('lends a newer token when the provider refuses the one it gave, and fails when there is none', async () => {
    const place = await makeOpenAiPlace();
    const [old, newer] = [makeToken(60, 'old'), makeToken(60, 'newer')];
    writeLogin(place.home, old);
    place.proxy.refuseToken(old);
    const renewed = await watchRun(place, openai, (event) => {
      if (event.type === 'session.started') writeLogin(place.home, newer);
    });
    expect(renewed.outcome).toMatchObject({ status: 'done', text: 'hello' });
    expect(place.proxy.requests.findLast(({ path }) => path.endsWith('/responses'))?.authorization).toBe(
      `Bearer ${newer}`,
    );
    place.proxy.refuseToken(newer);
    const failed = await watchRun(place, openai);
    expect(failed.outcome).toMatchObject({ status: 'failed', error: { code: 'turn-failed' } });
  });

  it('tells the person to run codex when the token does not live long enough', async () => {
    const place = await makeOpenAiPlace();
    writeLogin(place.home, makeToken(29));
    const { outcome } = await watchRun(place, openai);
    expect(outcome).toMatchObject({
      status: 'failed',
      error: { code: 'login-expired', remedy: expect.stringContaining('Run `codex` once') },
    });
    expect(place.proxy.requests).toEqual([]);
  });

  it('prefers OPENAI_API_KEY, and leaves it in no file, no journal and no environment', async () => {
    const place = await makeOpenAiPlace({ OPENAI_API_KEY: 'sk-canary-of-the-environment' });
    writeLogin(place.home, makeToken(60));
    let filesMeanwhile: string[] = [];
    const { outcome, events, outputs } = await watchRun(
      place,
      { ...openai, instructions: '!run env\n!say hello' },
      (event) => {
        if (event.type === 'turn.ended') filesMeanwhile = filesWith(place.dataDir, 'sk-canary-of-the-environment');
      },
    );
    expect(outcome).toMatchObject({ status: 'done', text: 'hello' });
    const asked = place.proxy.requests.filter(({ path }) => path.endsWith('/responses'));
    expect(asked.at(-1)?.authorization).toBe('Bearer sk-canary-of-the-environment');
    expect(filesMeanwhile).toEqual([]);
    expect(JSON.stringify(events)).not.toContain('sk-canary');
    expect(outputs.join()).toContain('PATH=');
  });

  it('names the ways to log in when there is no login at all', async () => {
    const place = await makePlace();
    const { outcome } = await watchRun(place, openai);
    expect(outcome.error).toMatchObject({ code: 'login-missing' });
    for (const way of ['OPENAI_API_KEY', 'codex login', '--provider', 'demo'])
      expect(outcome.error?.remedy).toContain(way);
  });

  it('never gives the login for OpenAI to a provider of another name', async () => {
    const place = await makePlace({ env: { OPENAI_API_KEY: 'sk-for-openai-only' } });
    writeLogin(place.home, makeToken(60));
    const { outcome } = await watchRun(place, { instructions: '!say hello' });
    expect([outcome.status, outcome.error]).toEqual(['done', undefined]);
    expect(place.model.requests[0]?.headers.authorization).toBeUndefined();
  });

  it('tells a model of a catalogue, its context window, and what effort it takes', async () => {
    const place = await makePlace();
    const models = [{ id: 'local', name: 'Local', contextWindow: 10_000, efforts: ['low', 'high'] }];
    const { outcome, of } = await watchRun(place, {
      instructions: '!say hello',
      model: 'local',
      reasoningEffort: 'high',
      provider: { baseUrl: place.model.url, models },
    });
    expect([outcome.status, outcome.error]).toEqual(['done', undefined]);
    expect(of('usage.updated').at(-1)?.contextWindow).toBe(9_500);
    expect(place.model.requests[0]?.body.reasoning).toMatchObject({ effort: 'high' });
    const refused = await watchRun(place, {
      instructions: '!say hello',
      model: 'local',
      reasoningEffort: 'ludicrous',
      provider: { baseUrl: place.model.url, models },
    });
    expect(refused.outcome).toMatchObject({
      status: 'failed',
      error: { code: 'invalid-input', remedy: 'Choose one of low, high.' },
    });
  });

  it('takes over what is named of the user’s own configuration, and nothing else', async () => {
    const place = await makePlace();
    mkdirSync(join(place.home, '.codex'));
    writeFileSync(
      join(place.home, '.codex', 'config.toml'),
      'model = "from-home"\nmodel_reasoning_effort = "high"\nsandbox_mode = "danger-full-access"\n',
    );
    const { outcome, of } = await watchRun(place, {
      instructions: '!say hello',
      model: undefined,
      useConfig: ['model'],
    } as never);
    expect([outcome.status, outcome.error]).toEqual(['done', undefined]);
    expect(place.model.requests[0]?.model).toBe('from-home');
    expect(place.model.requests[0]?.body.reasoning).not.toMatchObject({ effort: 'high' });
    expect(of('session.started')[0]?.sandbox.profile).toBe('locked');
  });
});
