import type { Account } from './account.ts';
import type { Reply } from './exchange.ts';

/** A page for people, and for browsers that tests drive. */
export function page(title: string, content: string, status = 200): Reply {
  return { status, body: `<!doctype html><title>${title}</title><h1>${title}</h1>${content}` };
}

/** The rest of a form: who consents. */
export function accountChoice(accounts: readonly Account[]): string {
  return accounts
    .map(({ id, email }) => `<button name="account" value="${id}">Continue as ${email}</button>`)
    .join(' ');
}
