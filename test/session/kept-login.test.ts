import { describe, expect, it } from 'vitest';
import { noteTurn } from '../../src/session/kept-login.ts';
import type { SessionLogin } from '../../src/session/login.ts';
import { asFile, brokerPlace } from '../support/broker.ts';

/** As Codex words it, in all that it says of a login that it cannot renew. */
const AGAIN = 'Please log out and sign in again.';

/** How a seed stands whose codex has ended a turn with this, and which is given back then. */
async function afterTurn(message: string, additionalDetails: string | null = null) {
  const { add, lend, seeds } = await brokerPlace();
  await add(undefined, 'work');
  const loan = asFile(await lend('run-1', 'work', { mode: 'file' }));
  const login: SessionLogin = { label: 'seed work', file: loan, noteRefused: (isByName) => loan.noteRefused(isByName) };
  noteTurn(login, { id: 'turn-1', status: 'failed', text: '', error: { message, additionalDetails } });
  await loan.release();
  const { state, reason } = await seeds.find('work');
  return { state, reason };
}

describe('a seed whose codex renews it by itself', () => {
  it.each([
    'Your access token could not be refreshed because your refresh token has expired.',
    'Your access token could not be refreshed because your refresh token was already used.',
    'Your access token could not be refreshed because your refresh token was revoked.',
  ])('is dead where its codex says: %s', async (words) => {
    const dead = { state: 'dead', reason: 'its provider refused it, and codex could not renew it' };
    expect(await afterTurn(`${words} ${AGAIN}`)).toEqual(dead);
    expect(await afterTurn('unexpected status 401 Unauthorized', `${words} ${AGAIN}`)).toEqual(dead);
  });

  it('is in doubt where its codex does not say what the provider has answered', async () => {
    const words = `Your access token could not be refreshed. ${AGAIN}`;
    const reason = 'codex could not renew it, and did not say whether its provider refused it for good';
    expect(await afterTurn(words)).toEqual({ state: 'unknown', reason });
    expect(await afterTurn('unexpected status 401 Unauthorized', words)).toEqual({ state: 'unknown', reason });
  });

  it.each([
    'Your access token could not be refreshed because you have since logged out or signed in to another account.',
    'Failed to refresh token: 500 Internal Server Error',
    'unexpected status 401 Unauthorized: the key is not known.',
  ])('stays as it is where its codex says: %s', async (words) => {
    expect(await afterTurn(`${words} ${AGAIN}`)).toEqual({ state: 'unknown', reason: 'nobody has tried it yet' });
  });
});
