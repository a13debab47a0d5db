import { z } from 'zod';
import { fromUnknown, OptioError } from '../errors.ts';
import { sendJson } from './answer.ts';
import type { Page } from './app.ts';
import { type BodyLimits, readForm, readJson, typeOf } from './body.ts';
import type { Callers } from './caller.ts';
import type { Exchange } from './exchange.ts';
import { invalidInput } from './http-error.ts';
import type { LoginLinks } from './login-links.ts';
import { placeAfterLogin, sendLoginPage } from './login-page.ts';
import { SESSION_SECONDS } from './sessions.ts';

export interface SessionPagesOptions {
  readonly callers: Callers;
  readonly links: LoginLinks;
  readonly cookieName: string;
  readonly basePath: string;
  readonly limits: BodyLimits;
}

const secretSchema = z.string().min(1).max(1_000);
/** A token, or the code of a link. */
const credentialsSchema = z.union([z.strictObject({ token: secretSchema }), z.strictObject({ code: secretSchema })]);

/** Logging in and out with a browser, which keeps a cookie in the place of a token. */
export function sessionPages(options: SessionPagesOptions): Page[] {
  const { callers, limits } = options;
  return [
    {
      name: 'logIn',
      method: 'POST',
      path: '/api/session',
      role: null,
      answer: (exchange) =>
        typeOf(exchange.incoming) === 'application/x-www-form-urlencoded'
          ? logInByForm(exchange, options)
          : logIn(exchange, options),
    },
    {
      name: 'logOut',
      method: 'DELETE',
      path: '/api/session',
      role: null,
      async answer({ incoming, outgoing, origin }) {
        await readJson(incoming, limits);
        callers.logOut(incoming);
        outgoing.writeHead(204, { 'Set-Cookie': cookieOf('', { ...options, origin, seconds: 0 }) }).end();
      },
    },
  ];
}

async function logIn(exchange: Exchange, options: SessionPagesOptions): Promise<void> {
  const { incoming, outgoing, remote, origin } = exchange;
  const { data } = credentialsSchema.safeParse(await readJson(incoming, options.limits));
  if (!data) throw invalidInput('token', 'it is missing', 'Send { "token": "…" }.');
  const token = 'token' in data ? data.token : (options.links.take(data.code) ?? '');
  const { caller, sessionId } = await options.callers.logIn(token, remote);
  exchange.caller = caller;
  const { name, role } = caller;
  const cookie = cookieOf(sessionId, { ...options, origin, seconds: SESSION_SECONDS });
  sendJson(outgoing, 201, { caller: { name, role } }, { 'Set-Cookie': cookie });
}

async function logInByForm(exchange: Exchange, options: SessionPagesOptions): Promise<void> {
  const { incoming, outgoing, remote, origin } = exchange;
  const { basePath, callers, limits } = options;
  const form = await readForm(incoming, limits);
  try {
    const { caller, sessionId } = await callers.logIn(form.get('token')?.trim() ?? '', remote);
    exchange.caller = caller;
    const cookie = cookieOf(sessionId, { ...options, origin, seconds: SESSION_SECONDS });
    outgoing.writeHead(303, { 'Set-Cookie': cookie, Location: placeAfterLogin(form.get('next'), basePath) }).end();
  } catch (thrown) {
    const error = fromUnknown(thrown);
    if (!(error instanceof OptioError) || !['unauthorized', 'too-many-attempts'].includes(error.code)) throw thrown;
    exchange.error = error;
    sendLoginPage(exchange, basePath, error.message);
  }
}

/** A cookie that no script reads and no other site sends. */
function cookieOf(
  value: string,
  {
    cookieName,
    basePath,
    origin,
    seconds,
  }: SessionPagesOptions & { readonly origin: string; readonly seconds: number },
): string {
  const secure = origin.startsWith('https:') ? '; Secure' : '';
  return `${cookieName}=${value}; Path=${basePath || '/'}; Max-Age=${seconds}; HttpOnly; SameSite=Strict${secure}`;
}
