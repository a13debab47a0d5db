import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { toReply } from '../../src/codex/approvals.ts';
import { traceToFile } from '../../src/codex/trace.ts';
import type { Request } from '../../src/contract/request.ts';
import { toJson } from '../../src/rpc/message.ts';
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

  it('leaves out what a person has answered, since it may be a secret', () => {
    const path = join(testDirectory('trace'), 'trace.log');
    const asked: Request = { kind: 'question', id: 'r', threadId: 't', turnId: null, itemId: null, questions: [] };
    const result = toReply(asked, { kind: 'answers', answers: { q: ['canary'] } });
    traceToFile(path)('out', toJson({ id: 3, result }));
    traceToFile(path)('out', toJson({ id: 4, method: 'm', params: { text: '"result":{"answers":' } }));
    const [reply, message] = readFileSync(path, 'utf8').split('\n');
    expect(reply).toMatch(/> \(answers, left out\)$/);
    expect(message, 'somebody merely speaks of it').toContain('"method":"m"');
  });

  it('keeps no file open, however many there are', () => {
    const path = join(testDirectory('trace'), 'trace.log');
    for (let at = 0; at < 3; at++) traceToFile(path)('out', '{}');
    expect(openFiles()).not.toContain(path);
  });
});

/** What this process has open; a descriptor that is gone when it is looked at was the one that reads the list. */
function openFiles(): string[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/self/fd/${fd}`)];
    } catch {
      return [];
    }
  });
}
