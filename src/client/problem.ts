import type { Problem } from '../contract/problem.ts';
import {
  ChildFailed,
  ConversationClosed,
  ERROR_CODES,
  HostCommandError,
  LaunchRefused,
  OptioError,
} from '../errors.ts';
import { Setback } from './setback.ts';

/** What a proxy says that does not get through to its server. */
const NO_WAY_THROUGH = [502, 503, 504];
const TOO_MANY = 429;
/** What a problem may say besides, in words. */
const TEXTS = ['remedy', 'field', 'reason', 'stderr'];

/** What an answer that is no good means: the error of the server, or what stands in front of it. */
export async function errorOf(response: Response): Promise<OptioError | Setback> {
  const { status } = response;
  const problem = problemOf(await response.text());
  const error = problem ? toError(problem) : strange(response);
  const afterMs = retryAfter(response.headers.get('retry-after'));
  if (status === TOO_MANY) return afterMs === undefined ? error : new Setback(error, { perhapsDone: false, afterMs });
  // What the server itself says is its answer, unless it says when to come again: then it is about to stop.
  const isWorthATry = problem ? afterMs !== undefined : NO_WAY_THROUGH.includes(status);
  return isWorthATry ? new Setback(error, { perhapsDone: true, isLost: true, afterMs }) : error;
}

/** An answer that is none of the server of optio-codex. */
export function strange({ status, statusText, headers }: Response): OptioError {
  const type = headers.get('content-type')?.split(';')[0] ?? 'no type';
  const what = `${status} ${statusText}`.trim();
  if (status === 500) return new OptioError('internal', `the server answered ${what}, and did not say why`);
  return new OptioError('server-unreachable', `something that is not optio-codex answered: ${what} (${type})`, {
    remedy: 'Check the address and its base path, and what stands in front of the server.',
  });
}

/** The same error as in the process of the server. */
function toError({ code, message, reason, ...record }: Problem): OptioError {
  const { remedy, field, exitCode, signal, stderr } = record;
  const details = {
    ...(remedy !== undefined && { remedy }),
    ...(field !== undefined && { field }),
    ...(exitCode !== undefined && { exitCode }),
    ...(signal !== undefined && { signal }),
    ...(stderr !== undefined && { stderr }),
  };
  switch (code) {
    case 'launch-refused':
      return new LaunchRefused(reason ?? 'not-launchable', message, details);
    case 'conversation-closed':
      return new ConversationClosed(message, details);
    case 'child-failed':
      return new ChildFailed(message, details);
    case 'host-command-failed':
      return new HostCommandError(message, details);
    default:
      return new OptioError(code, message, details);
  }
}

function problemOf(text: string): Problem | undefined {
  try {
    const answer: unknown = JSON.parse(text);
    return isProblem(answer) ? answer : undefined;
  } catch {
    return undefined;
  }
}

/** Looked at by hand: for its schema alone the page would have to load the library that all of them are made with. */
function isProblem(answer: unknown): answer is Problem {
  if (typeof answer !== 'object' || answer === null) return false;
  const { code, message, ...details } = answer as Record<string, unknown>;
  const isText = (name: string) => details[name] === undefined || typeof details[name] === 'string';
  return ERROR_CODES.some((one) => one === code) && typeof message === 'string' && TEXTS.every(isText);
}

/** `Retry-After` in milliseconds: it says seconds, or a time. */
function retryAfter(value: string | null): number | undefined {
  if (value === null) return undefined;
  const ms = /^\d+$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}
