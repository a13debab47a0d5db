import type { CodexConversation } from '../codex/conversation.ts';
import type { Login } from '../codex/handshake.ts';
import { fromUnknown, type OptioError } from '../errors.ts';
import type { SessionLogin } from './login.ts';
import { type EndedTurn, isUsedUp, refusalOf } from './outcome.ts';

/** What of a login nobody is to hear again. */
export function secretOf(login: Login): string {
  return login.type === 'apiKey' ? login.apiKey : login.accessToken;
}

/** What Codex is to be given now, or why there is nothing for it. */
export async function giveNow({ give }: SessionLogin): Promise<{ given?: Login; problem?: OptioError }> {
  try {
    const given = await give?.();
    return given ? { given } : {};
  } catch (thrown) {
    return { problem: fromUnknown(thrown) };
  }
}

/** Notes what the end of a turn says of its login: the next one who looks for one is to have another. */
export function noteTurn({ noteLimit, noteRefused }: SessionLogin, turn: EndedTurn): void {
  const refusal = refusalOf(turn);
  const noting = isUsedUp(turn) ? noteLimit?.() : refusal && noteRefused?.(refusal === 'by name');
  noting?.catch(() => {}); // the next one finds it out by itself
}

/**
 * Gives Codex newer tokens: when the provider refuses the one it has, and before that ends. To be called before the
 * conversation begins; the result, once it is ready, with what a Codex that lived on may not have.
 */
export function keepLoggedIn(
  conversation: CodexConversation,
  { renew, onRenewed }: SessionLogin,
  secrets: Set<string>,
): (newer: Login | undefined) => void {
  if (renew) {
    conversation.onRequest('authTokens', async () => {
      const tokens = await renew();
      secrets.add(tokens.accessToken);
      return tokens;
    });
  }
  const give = (login: Login) => {
    secrets.add(secretOf(login));
    // Where that fails Codex asks when it needs it.
    conversation.renewLogin(login).catch(() => {});
  };
  return (newer) => {
    if (newer?.type === 'chatgptAuthTokens') give(newer);
    const end = onRenewed?.((tokens) => give({ type: 'chatgptAuthTokens', ...tokens }));
    conversation.onEvent((event) => {
      if ('type' in event && event.type === 'x-optio-closed') end?.();
    });
  };
}
