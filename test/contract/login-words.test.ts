import { describe, expect, it } from 'vitest';
import { describeLogin } from '../../src/contract/login-words.ts';

const LOGIN = 'ChatGPT login of ada@example.org, seed work';

describe('what is told of a login', () => {
  it.each([
    ['memory', 'in the memory of Codex'],
    ['tokens', 'short-lived tokens in the memory of Codex'],
    ['file', 'in a file of its private home'],
  ] as const)('says that it is hidden from commands, kept in %s', (kept, words) => {
    const loginReport = { seed: 'work', kept, gaps: [] };
    expect(describeLogin({ login: LOGIN, loginReport })).toBe(`${LOGIN}: ${words}, hidden from commands`);
  });

  it('says what could read it all the same', () => {
    const gaps = ['commands have full access', 'MCP servers of yours run outside of the sandbox'];
    const told = describeLogin({ login: LOGIN, loginReport: { seed: null, kept: 'memory', gaps } });
    expect(told).toMatch(/, hidden from commands, but: commands have full access; MCP servers of yours /);
  });

  it('says no more than the login where there is none, or where an older journal tells no more', () => {
    const nothing = { seed: null, kept: 'nowhere', gaps: [] } as const;
    const none = { ...nothing, gaps: [] };
    for (const loginReport of [none, null, undefined]) expect(describeLogin({ login: LOGIN, loginReport })).toBe(LOGIN);
  });
});
