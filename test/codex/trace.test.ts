import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { traceToFile } from '../../src/codex/trace.ts';
import { testDirectory } from '../support/directories.ts';

describe('traceToFile', () => {
  it('writes both directions, a message a line, into a file that only we may read', () => {
    const path = join(testDirectory('trace'), 'trace.log');
    const trace = traceToFile(path);
    trace('out', '{"id":1,"method":"model/list"}');
    trace('in', '{"id":1,"result":{}}');
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => line.replace(/^\S+ /, ''))).toEqual([
      '> {"id":1,"method":"model/list"}',
      '< {"id":1,"result":{}}',
    ]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it.each([
    { id: 2, method: 'account/login/start', params: { type: 'apiKey', apiKey: 'sk-secret' } },
    { id: 2, method: 'account/login/start', params: { type: 'chatgptAuthTokens', accessToken: 'sk-secret' } },
    { id: 0, result: { accessToken: 'sk-secret', chatgptAccountId: 'a' } },
  ])('leaves out what carries a login', (message) => {
    const path = join(testDirectory('trace'), 'trace.log');
    traceToFile(path)('out', JSON.stringify(message));
    expect(readFileSync(path, 'utf8')).toMatch(/^\S+ > \(a login, left out\)\n$/);
  });
});
