import { fromUnknown } from '../errors.ts';
import type { Exchange } from './exchange.ts';
import { escapeHtml, htmlPage, PAGE_HEADERS } from './html.ts';
import { HttpError } from './http-error.ts';

/** Whether this is a person who looks with a browser. */
export function isFromBrowser({ incoming: { method, headers } }: Exchange): boolean {
  const isRead = method === 'GET' || method === 'HEAD';
  return isRead && /\btext\/html\b/.test(headers.accept ?? '');
}

/** The same of one who only has to log in. */
export function wantsPage(exchange: Exchange, error: unknown): boolean {
  return isFromBrowser(exchange) && fromUnknown(error).code === 'unauthorized';
}

/** Asks for a token; where it is right one gets to what one wanted. `failure`: why it has to be asked for again. */
export function sendLoginPage({ incoming, outgoing, error }: Exchange, basePath: string, failure?: string): void {
  const next = failure === undefined ? (incoming.url ?? '') : '';
  const said = failure === undefined ? '' : `<p class="failed" role="alert">${escapeHtml(failure)}</p>`;
  const body = `<main><form method="post" action="${escapeHtml(basePath)}/api/session">
<h1>optio-codex</h1>
${said}
<label for="token">Token</label>
<input id="token" name="token" type="password" autocomplete="current-password" required autofocus>
<input type="hidden" name="next" value="${escapeHtml(next)}">
<button>Log in</button>
<p class="quiet">The token of this server is in the file <code>token</code> of its data directory.</p>
</form></main>`;
  const { status, headers } = error instanceof HttpError ? error : { status: 401, headers: {} };
  outgoing.writeHead(status, { ...headers, ...PAGE_HEADERS }).end(htmlPage('Log in: optio-codex', body));
}

/** Where to go after the login: a path of ours, or else the reference. Anything else might be another server. */
export function placeAfterLogin(next: string | null, basePath: string): string {
  return next !== null && /^\/[\w~.-][\w~.%@?=&/-]*$/.test(next) && !next.includes('/api/session')
    ? next
    : `${basePath}/api/docs`;
}
