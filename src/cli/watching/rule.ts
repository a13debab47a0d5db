import type { RunEvent } from '../../contract/event.ts';
import { type Answer, type Request, refusalOf } from '../../contract/request.ts';
import type { RunHandle } from '../../contract/run-handle.ts';
import { readJournal } from './journal.ts';
import { type Past, pastOf } from './past.ts';
import { answerIfOpen, cancelRun } from './tell-run.ts';

/** Why nobody is asked. */
export const NOBODY = 'there is no terminal to ask at';

export interface RuleOptions {
  /** Allow whatever is asked for. */
  readonly yes: boolean;
  /** What becomes of the rest: it is declined, or left to somebody who answers, here or elsewhere. */
  readonly rest: 'decline' | 'leave';
}

/** An answer that needs no person; undefined where one is to be asked. */
export type Rule = (request: Request) => Answer | undefined;

/**
 * The rule of a run: `yes` permits whatever may be permitted but answers no question, and without anybody to ask the
 * answer is no.
 */
export function ruleFor({ yes, rest }: RuleOptions): Rule {
  return (request) => {
    if (yes && isApproval(request)) return { kind: 'decision', behavior: 'allow' };
    return rest === 'leave' ? undefined : refusalOf(request, NOBODY);
  };
}

export interface RuleReaction {
  /** One has left. */
  readonly left: AbortSignal;
  /** What was over when one began to watch (read anew). */
  readonly past?: Promise<Past>;
  /** An answer was not taken, although the request waits on: whoever is here may not answer, for example. */
  readonly onRefused: (thrown: unknown, request: Request) => void;
}

/**
 * Does what needs no person until the run has ended or was left, and gives the last event. It reads the journal for itself,
 * so that a slow reader of our output makes nobody wait for an answer.
 */
export async function applyRule(
  handle: RunHandle,
  options: RuleOptions,
  { left, past = handle.view().then(pastOf), onRefused }: RuleReaction,
): Promise<RunEvent | undefined> {
  const rule = ruleFor(options);
  const isPast = await past;
  let last: RunEvent | undefined;
  let isPaused = false;
  for await (const event of readJournal(handle, { left })) {
    last = event;
    if (event.type === 'run.state') isPaused = event.state === 'paused';
    if (isPast(event)) continue;
    if (event.type === 'request.opened') {
      const { request } = event;
      const answer = rule(request);
      const via = options.yes ? '--yes' : 'no terminal';
      if (answer) answerIfOpen(handle, request.id, answer, via).catch((thrown) => onRefused(thrown, request));
    }
    // Nothing follows by itself, and nobody is there to go on.
    const isInterrupted = event.type === 'turn.ended' && event.status === 'interrupted' && !event.threadId;
    if (isInterrupted && !isPaused && options.rest === 'decline') cancelRun(handle, 'its turn was interrupted');
  }
  return last;
}

export function isApproval(request: Request): request is Exclude<Request, { kind: 'question' | 'elicitation' }> {
  return request.kind !== 'question' && request.kind !== 'elicitation';
}
