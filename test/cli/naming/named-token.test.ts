import { describe, expect, it } from 'vitest';
import { namedToken } from '../../../src/cli/naming/named-token.ts';
import type { TokenInfo } from '../../../src/contract/token.ts';
import { failureOf } from '../../support/failure.ts';
import { LAUNCHED_AT } from '../../support/run-summary.ts';
import { scriptApi } from '../../support/scripted-api.ts';

const token = (id: string, name: string): TokenInfo => {
  return { id, name, role: 'viewer', createdAt: LAUNCHED_AT, expiresAt: null };
};
const TOKENS = [token('token-0982aaaa', 'eye'), token('token-0982bbbb', 'ci'), token('token-1111cccc', 'ci')];
const named = (name: string, tokens = TOKENS) =>
  namedToken(scriptApi({ api: { tokens: async () => tokens } }).api, name);

describe('namedToken', () => {
  it.each(['token-0982aaaa', 'token-0982a', '0982a', 'eye'])('finds a token by %s', async (name) => {
    expect((await named(name)).id).toBe('token-0982aaaa');
  });

  it.each(['0982', 'token-0982', 'ci'])('lists whom somebody may have meant by %s', async (name) => {
    const { code, remedy } = await failureOf(named(name));
    expect(code).toBe('invalid-input');
    expect(remedy).toMatch(
      /^Name one of them by its id:\n {2}token-\w+ {2}viewer {2}\w+\n {2}token-\w+ {2}viewer {2}ci$/,
    );
  });

  it.each(['nobody', 'tok', '098'])('lists which there are to somebody who has named none: %s', async (name) => {
    expect(await failureOf(named(name))).toMatchObject({
      code: 'not-found',
      remedy: expect.stringMatching(/^There are:\n {2}token-0982aaaa {2}viewer {2}eye\n/),
    });
    expect((await failureOf(named(name, []))).remedy).toContain('token add NAME');
  });
});
