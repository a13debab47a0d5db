import { describe, expect, it } from 'vitest';
import { isOfAnotherOwner, ownerOf, ownerOfAccount } from '../../src/seeds/login-owner.ts';
import { token } from '../support/auth.ts';

interface Said {
  readonly account?: string;
  readonly user?: string;
  readonly sub?: string;
}

/** A token that says as much. */
function saying({ account, user, sub }: Said): string {
  const auth = { ...(account && { chatgpt_account_id: account }), ...(user && { chatgpt_user_id: user }) };
  return token({ ...(sub && { sub }), 'https://api.openai.com/auth': auth });
}

const ADA = { account: 'acct-1', user: 'ada', sub: 'auth0|ada' };
const known = ownerOf({ account_id: 'acct-1', access_token: saying(ADA), id_token: saying(ADA) });

describe('a login', () => {
  it.each<[string, Said]>([
    ['as much', ADA],
    ['nothing', {}],
    ['the account only', { account: 'acct-1' }],
    ['the person only', { user: 'ada' }],
    ['of the same person who has logged in another way', { ...ADA, sub: 'google|ada' }],
  ])('that says %s is of whom is known', (_, said) => {
    expect(isOfAnotherOwner(known, ownerOf({ access_token: saying(said) }))).toBe(false);
    expect(isOfAnotherOwner(known, ownerOf({ account_id: said.account, id_token: saying(said) }))).toBe(false);
  });

  it.each<[string, Said]>([
    ['another account', { account: 'acct-2' }],
    ['another person of the account', { account: 'acct-1', user: 'eve' }],
    ['somebody else of whom only whoever let them in has a name', { sub: 'auth0|eve' }],
    ['another person in the name of the same', { user: 'eve', sub: 'auth0|ada' }],
  ])('that says %s is not, whichever part of it says so', (_, said) => {
    const ours = { account_id: 'acct-1', access_token: saying(ADA), id_token: saying(ADA) };
    for (const other of [{ access_token: saying(said) }, { id_token: saying(said) }])
      expect(isOfAnotherOwner(known, ownerOf({ ...ours, ...other }))).toBe(true);
    if (said.account === 'acct-2') {
      expect(isOfAnotherOwner(known, ownerOf({ ...ours, account_id: said.account }))).toBe(true);
      expect(isOfAnotherOwner(ownerOfAccount('acct-1'), ownerOf({ access_token: saying(said) }))).toBe(true);
    }
  });

  it('may say more than is known, and what was saved may say two things: what is one of them is no third', () => {
    const bare = ownerOf({ access_token: 'opaque', id_token: saying({ sub: 'auth0|ada' }) });
    expect(isOfAnotherOwner(bare, ownerOf({ account_id: 'acct-1', access_token: saying({ user: 'ada' }) }))).toBe(
      false,
    );
    const mixed = ownerOf({ account_id: 'team-1', access_token: saying({ ...ADA, account: 'acct-1' }) });
    expect(isOfAnotherOwner(mixed, mixed)).toBe(false);
    expect(isOfAnotherOwner(mixed, ownerOf({ account_id: 'acct-2' }))).toBe(true);
  });
});
