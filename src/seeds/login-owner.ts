import { authClaimsOf, claimsOf, textOf } from './token-claims.ts';

/** The tokens of a login, as far as they say whose it is. */
export interface NamingTokens {
  readonly access_token?: string | null | undefined;
  readonly id_token?: string | null | undefined;
  readonly account_id?: string | null | undefined;
}

/** Whom one part of a login names; null where it does not say. */
interface Named {
  readonly account: string | null;
  /** The person, as OpenAI calls them. */
  readonly user: string | null;
  /** The same person, as whoever has let them in calls them: another name, where they log in another way. */
  readonly subject: string | null;
}

/** Whose a login is: what each of its parts says of that. */
export type LoginOwner = readonly Named[];

export function ownerOf({ access_token, id_token, account_id }: NamingTokens): LoginOwner {
  return [{ account: textOf(account_id), user: null, subject: null }, namedBy(access_token), namedBy(id_token)];
}

export function ownerOfAccount(accountId: string | null | undefined): LoginOwner {
  return ownerOf({ account_id: accountId });
}

/**
 * Whether a login is of another account, or of another person, than the one that is known. Each part of it may say more or less than
 * what is known: what one side does not say contradicts nothing.
 */
export function isOfAnotherOwner(known: LoginOwner, login: LoginOwner): boolean {
  const all = (what: keyof Named) => known.flatMap((named) => named[what] ?? []);
  const [accounts, users, subjects] = [all('account'), all('user'), all('subject')];
  const isOther = (name: string | null, names: readonly string[]) =>
    name !== null && names.length > 0 && !names.includes(name);
  return login.some(
    ({ account, user, subject }) =>
      isOther(account, accounts) ||
      (user !== null && users.length > 0 ? isOther(user, users) : isOther(subject, subjects)),
  );
}

function namedBy(token: string | null | undefined): Named {
  const claims = claimsOf(token);
  const auth = authClaimsOf(claims);
  return {
    account: textOf(auth.chatgpt_account_id),
    user: textOf(auth.chatgpt_user_id) ?? textOf(auth.user_id),
    subject: textOf(claims.sub),
  };
}
