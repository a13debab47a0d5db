import { isDeepStrictEqual } from 'node:util';
import {
  type Answer,
  answerInWords,
  asksForSecrets,
  checkAnswer,
  type Request,
  withoutSecrets,
} from '../contract/request.ts';
import { OptioError } from '../errors.ts';
import type { RequestRecord, Requests } from '../store/store.ts';
import type { GivenAnswer } from '../task/context.ts';

/** An answer as it is kept: secrets are left out. */
export interface KeptAnswer {
  readonly kept: Answer;
  /** False when the same had been given before. */
  readonly isNew: boolean;
}

/**
 * Writes down an answer to an open request. The same again is fine, whoever gives it. `asked`: the request, where somebody
 * here waits for the answer; a secret is given to nobody else. Throws `not-found`, and says who has answered what before.
 */
export async function answerInStore(
  requests: Requests,
  { runId, requestId, answer, by }: GivenAnswer & { readonly runId: string; readonly requestId: string },
  asked?: Request,
): Promise<KeptAnswer> {
  checkName(by);
  const before = asked ? undefined : await requests.find(runId, requestId);
  const request = asked ?? before?.request;
  if (!request) throw notOpen(requestId, undefined);
  if (before?.state === 'open' && asksForSecrets(request)) {
    throw new OptioError('conversation-not-ready', `the request ${requestId} asks for a secret, and nobody is there`, {
      remedy: 'Answer it once the run is under way again.',
    });
  }
  checkAnswer(request, answer);
  const kept = withoutSecrets(request, answer);
  if (await requests.answer(runId, requestId, { answer: kept, by })) return { kept, isNew: true };
  const found = await requests.find(runId, requestId);
  // Of a secret nothing is kept by which one could tell that it is the same.
  const isSame = !asksForSecrets(request) && isDeepStrictEqual(plain(kept), found?.answer);
  if (!isSame) throw notOpen(requestId, found);
  return { kept, isNew: false };
}

function checkName(by: string): void {
  if (!by.includes('\0')) return;
  throw new OptioError('invalid-input', 'by: it holds a NUL character', { field: 'by', remedy: 'Name somebody else.' });
}

/** As it comes back from the store. */
function plain(answer: Answer): unknown {
  return JSON.parse(JSON.stringify(answer));
}

function notOpen(requestId: string, found: RequestRecord | undefined): OptioError {
  const which = `the request ${requestId}`;
  if (!found) return new OptioError('not-found', `${which} is not there`, { remedy: 'Look at those that are open.' });
  if (!found.answer)
    return new OptioError('not-found', `${which} is not open any more: it needs no answer`, {
      remedy: 'Look at those that are open.',
    });
  return new OptioError(
    'not-found',
    `${which} was answered with ${answerInWords(found.answer)} by ${found.by} before`,
    {
      remedy: 'The first answer holds.',
    },
  );
}
