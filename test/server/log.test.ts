import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { OptioError } from '../../src/errors.ts';
import type { AnsweredRequest } from '../../src/server/exchange.ts';
import { createLog, type Log, type LogOptions } from '../../src/server/log.ts';
import { testDirectory } from '../support/directories.ts';

const REQUEST: AnsweredRequest = {
  method: 'GET',
  path: '/api/runs',
  route: 'listRuns',
  status: 200,
  ms: 3.4,
  caller: 'owner',
  remote: '127.0.0.1',
  error: undefined,
};

function open(options: LogOptions = {}): { log: Log; lines: string[]; said: () => Record<string, unknown>[] } {
  const lines: string[] = [];
  const log = createLog({ pretty: false, write: (line) => lines.push(line), ...options });
  return { log, lines, said: () => lines.map((line) => JSON.parse(line)) };
}

describe('the log of a server', () => {
  it('has a line of JSON for each request', () => {
    const { log, lines, said } = open();
    log.answered(REQUEST);
    expect(lines[0]).toMatch(/^\{.*\}\n$/);
    expect(said()).toEqual([
      {
        level: 'info',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        pid: process.pid,
        method: 'GET',
        path: '/api/runs',
        route: 'listRuns',
        status: 200,
        ms: 3,
        caller: 'owner',
        remote: '127.0.0.1',
      },
    ]);
  });

  it('says where an error of ours comes from, with its causes and without what it carries', () => {
    const { log, said } = open();
    const error = new OptioError('store-failed', 'it cannot be written', {
      cause: new Error('the disk is broken'),
      remedy: 'Mend it.',
      data: 'never told',
      stderr: 'never told',
    });
    log.answered({ ...REQUEST, status: 503, error });
    log.error('a schedule was missed', new TypeError('x is not a function'));
    expect(said()).toMatchObject([
      { level: 'error', status: 503, code: 'store-failed', message: 'it cannot be written', remedy: 'Mend it.' },
      { level: 'error', msg: 'a schedule was missed', code: 'internal', message: 'x is not a function' },
    ]);
    expect(said()[0]?.stack).toMatch(/it cannot be written\n +at .*\ncaused by Error: the disk is broken\n +at /s);
    expect(said()[1]?.stack).toMatch(/caused by TypeError: x is not a function/);
    expect(JSON.stringify(said())).not.toContain('never told');
  });

  it('quotes nothing of what somebody has sent', () => {
    const { log, said } = open();
    const error = new OptioError('invalid-input', 'body: this is not JSON: "my dear diary"', { field: 'body' });
    log.answered({ ...REQUEST, status: 400, error });
    expect(said()).toMatchObject([{ level: 'info', status: 400, code: 'invalid-input', field: 'body' }]);
    expect(JSON.stringify(said())).not.toContain('diary');
  });

  it.each([
    ['info', ['answered', 'info', 'warn', 'error']],
    ['debug', ['answered', 'routine', 'info', 'warn', 'error']],
    ['warn', ['warn', 'error']],
    ['error', ['error']],
    ['silent', []],
  ] as const)('leaves out at the level %s what is less important', (level, told) => {
    const { log, said } = open({ level });
    log.answered({ ...REQUEST, caller: 'answered' });
    log.answered({ ...REQUEST, route: 'metrics', caller: 'routine' });
    log.info('info');
    log.warn('warn');
    log.error('error', new Error('it'));
    expect(said().map(({ msg, caller }) => msg ?? caller)).toEqual(told);
  });

  it('is for people at a terminal, in which nothing from outside moves the cursor', () => {
    const { log, lines } = open({ pretty: true });
    log.answered({ ...REQUEST, path: '/api/\u001b[2J\u009b1m\n\u202efake' });
    log.error('it broke', new Error('really\u001b[2J'));
    const [request = '', error = ''] = lines;
    expect(request).toMatch(
      /^\d\d:\d\d:\d\d info {2}GET \/api\/\\u001b\[2J\\u009b1m\\u000a\\u202efake 200 3 ms caller=owner remote=127\.0\.0\.1 route=listRuns\n$/,
    );
    expect(error).toMatch(/^\d\d:\d\d:\d\d error it broke code=internal message=really\\u001b\[2J\n {2}OptioError/);
    expect(lines.join('').replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
  });

  it('goes into a file as JSON', () => {
    const file = join(testDirectory('log'), 'server.log');
    const { log, lines } = open({ file, pretty: true });
    log.info('it listens', { address: 'http://127.0.0.1:7420' });
    log.close();
    expect(lines).toEqual([]);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
      msg: 'it listens',
      address: 'http://127.0.0.1:7420',
    });
  });

  it('is not as long as somebody wishes', () => {
    const { log, lines } = open();
    log.answered({ ...REQUEST, path: `/${'x'.repeat(10_000)}` });
    expect(lines[0]?.length).toBeLessThan(1_000);
  });
});
