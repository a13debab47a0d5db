import { expect, it } from 'vitest';
import { OptioError } from '../../src/errors.ts';
import { createLog } from '../../src/server/log.ts';
import { withoutSecrets } from '../../src/server/log-secrets.ts';
import { until } from '../support/processes.ts';
import { scriptApi } from '../support/scripted-api.ts';
import { openServer } from '../support/server.ts';

const TOKEN = 'oc_Zm9yIHRlc3RzIG9ubHksIGFuZCBub2JvZHkgZWxzZQ';
const WRONG = 'oc_d3Jvbmcgd3Jvbmcgd3Jvbmcgd3Jvbmcgd3Jvbmcgd3I';
const KEY = 'sk-proj-abcdefghijklmnop';
const PLAIN_KEY = 'correct-horse-battery-staple';
const ANSWER = 'my-mother-s-maiden-name';
const WORDS = 'what I tell Codex is nobody else s';

const SPEC = {
  instructions: WORDS,
  workspace: { directory: '/work' },
  env: { PROVIDER_KEY: PLAIN_KEY },
};

it('has no secret in it, whatever is asked, and whatever goes wrong', async () => {
  const lines: string[] = [];
  const log = createLog({ level: 'debug', pretty: false, write: (line) => lines.push(line) });
  const fails = async (): Promise<never> => {
    throw new OptioError('store-failed', `Authorization: Bearer ${TOKEN} was not taken`, {
      data: SPEC,
      cause: new Error(KEY),
    });
  };
  const { api } = scriptApi({ api: { launch: fails }, handle: { answer: fails } });
  const { ask, tokens } = await openServer(api, { onAnswered: (request) => log.answered(request) });
  tokens.set(TOKEN, { name: 'owner', role: 'admin', isOwner: true });
  const post = (path: string, body: unknown, token: string | null = TOKEN) =>
    ask(path, { method: 'POST', body, token });

  const login = await post('/api/session', { token: TOKEN }, null);
  const cookie = String(login.headers['set-cookie']).split(';')[0] ?? '';
  expect(cookie).toMatch(/=.{16,}/);
  await post('/api/session', { token: WRONG }, null);
  expect((await ask('/api/runs', { token: null, headers: { Cookie: cookie } })).status).toBe(200);
  expect((await ask('/api/runs', { token: WRONG })).status).toBe(401);
  expect((await ask(`/api/runs?token=${TOKEN}&search=${PLAIN_KEY}`, { token: TOKEN })).status).toBe(400);
  expect((await ask(`/api/tokens/${TOKEN}`, { token: TOKEN })).status).toBe(405);
  expect((await post('/api/runs', { spec: SPEC })).status).toBe(201);
  expect((await post('/api/runs', { spec: { ...SPEC, provider: PLAIN_KEY, [KEY]: ANSWER } })).status).toBe(400);
  expect((await post('/api/runs', `{"spec": {"instructions": ${PLAIN_KEY} ${KEY}}`)).status).toBe(400);
  const answer = { answer: { kind: 'answers', answers: { q1: [ANSWER] } } };
  expect((await post('/api/runs/run-1/requests/r1/answer', answer)).status).toBe(500);
  expect((await post('/api/tasks/nightly/launch', { params: { key: PLAIN_KEY } })).status).toBe(500);

  const all = lines.join('');
  await until(() => lines.length === 11, 'the last line'); // it comes when the answer is over
  for (const secret of [TOKEN, WRONG, KEY, PLAIN_KEY, ANSWER, WORDS, cookie.split('=')[1] ?? '']) {
    expect(all).not.toContain(secret);
  }
  expect(all).toContain('/api/runs/run-1/requests/r1/answer');
  expect(all).toContain('was not taken');
});

it.each([
  [`Bearer abc.def-ghi`, '(left out)'],
  [`{"msg":"it was ${KEY}","code":"x"}`, '{"msg":"it was (left out)","code":"x"}'],
  [`{"msg":"token=abc\\"def"}`, '{"msg":"token=(left out)\\"def"}'],
  ['api_key=1234, password=5678', 'api_key=(left out), password=(left out)'],
  ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl is it', '(left out) is it'],
  [
    'nothing of a task-force, the token is wrong, doc_something',
    'nothing of a task-force, the token is wrong, doc_something',
  ],
])('leaves out of %j what looks like a secret', (line, clean) => {
  expect(withoutSecrets(line)).toBe(clean);
});
