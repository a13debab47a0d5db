import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { problemSchema } from '../../src/contract/problem.ts';
import { ERROR_CODES, LaunchRefused, OptioError } from '../../src/errors.ts';
import type { AnsweredRequest, Exchange } from '../../src/server/exchange.ts';
import { STATUS } from '../../src/server/status.ts';
import { until } from '../support/processes.ts';
import { scriptApi } from '../support/scripted-api.ts';
import { openServer, type TestServer } from '../support/server.ts';

function failing(error: unknown, more = {}): Promise<TestServer> {
  const fail = async () => {
    throw error;
  };
  return openServer(scriptApi({ api: { launch: fail } }).api, more);
}

const launch = ({ ask }: TestServer) => ask('/api/tasks/nightly/launch', { method: 'POST' });

describe('an error over HTTP', () => {
  it.each(ERROR_CODES)('%s has a status, and comes as a problem', async (code) => {
    const details = { remedy: 'do this', field: 'f', exitCode: 1, signal: null, stderr: 'last words' };
    const { status, json, headers } = await launch(await failing(new OptioError(code, 'it went wrong', details)));
    expect(status).toBe(STATUS[code]);
    expect(headers['content-type']).toBe('application/problem+json');
    const problem = z.parse(problemSchema, json);
    expect(problem).toMatchObject({ code, status, type: `urn:optio-codex:error:${code}`, detail: problem.message });
    if (code !== 'internal') expect(problem).toMatchObject({ message: 'it went wrong', ...details });
  });

  it.each([
    ['not-found', 404],
    ['not-launchable', 409],
    ['at-limit', 409],
    ['blocked', 409],
    ['shutting-down', 503],
  ] as const)('says why a launch was refused: %s', async (reason, status) => {
    const answer = await launch(await failing(new LaunchRefused(reason, 'no')));
    expect(answer).toMatchObject({ status, json: { code: 'launch-refused', reason, message: 'no' } });
  });

  it.each([
    new Error('secret /home/ada/.codex'),
    new OptioError('internal', 'secret', { stderr: 'secret' }),
    'secret',
    undefined,
    new RangeError('secret'),
  ])('tells nothing of one that nobody expected, and keeps it for the log: %s', async (thrown) => {
    const answered: AnsweredRequest[] = [];
    const onAnswered = (request: AnsweredRequest) => void answered.push(request);
    const { status, text } = await launch(await failing(thrown, { onAnswered }));
    expect(status).toBe(500);
    expect(text).not.toMatch(/secret|\/home| at /);
    await until(() => answered.length === 1);
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    expect(answered[0]?.error).toMatchObject({ code: 'internal', message });
  });

  it('is told with who asked for what', async () => {
    const answered: AnsweredRequest[] = [];
    const { ask } = await openServer(scriptApi().api, { onAnswered: (request) => void answered.push(request) });
    await ask('/api/runs?search=secret', { token: 'viewer-token' });
    await ask('/api/runs', { token: 'wrong' });
    await ask('/nothing', { token: null });
    await until(() => answered.length === 3);
    const common = { method: 'GET', remote: '127.0.0.1', ms: expect.any(Number) };
    expect(answered).toEqual([
      { ...common, path: '/api/runs', route: 'listRuns', status: 200, caller: 'viewer', error: undefined },
      {
        ...common,
        path: '/api/runs',
        route: 'listRuns',
        status: 401,
        caller: undefined,
        error: expect.any(OptioError),
      },
      { ...common, path: '/nothing', route: undefined, status: 404, caller: undefined, error: expect.any(OptioError) },
    ]);
  });

  it('breaks off an answer that has begun', async () => {
    const page = { name: 'page', method: 'GET', path: '/page', role: null } as const;
    const answer = ({ outgoing }: Exchange) => {
      outgoing.writeHead(200).write('half of it');
      throw new Error('on the way');
    };
    const { ask } = await openServer(undefined, { pages: [{ ...page, answer }] });
    await expect(ask('/page')).rejects.toThrow('aborted');
  });

  it('comes with the headers of all answers', async () => {
    const { ask } = await openServer();
    for (const path of [
      '/api/runs',
      '/api/nothing',
      '/nothing',
      '/api/docs',
      '/api/openapi.json',
      '/api/runs/run-1/file?path=x',
    ]) {
      const { headers } = await ask(path);
      expect(headers).toMatchObject({
        'cache-control': 'no-store',
        'content-security-policy': expect.stringContaining("default-src 'none'"),
        'cross-origin-resource-policy': 'same-origin',
        'referrer-policy': 'same-origin',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
      });
      expect(headers['x-powered-by']).toBeUndefined();
    }
  });
});
