import { type RunOutcome, runOutcomeSchema } from '../contract/outcome.ts';
import { NO_USAGE } from '../contract/usage.ts';
import { OptioError } from '../errors.ts';

/**
 * What a task says of its end: the run is done unless it says otherwise, and what is left out is nothing. What is of
 * use to others goes into `output`, as JSON.
 */
// biome-ignore lint/suspicious/noConfusingVoidType: a function that returns nothing is a task too.
export type TaskResult = Partial<RunOutcome> | undefined | void;

/** The whole outcome; a duration of 0 where the task does not say how long it took. Throws `invalid-input` for what is none. */
export function toOutcome(result: TaskResult): RunOutcome {
  const nothing = { status: 'done', text: '', durationMs: 0, usage: NO_USAGE, turns: 0 };
  const issue = runOutcomeSchema.partial().safeParse(result ?? {}).error?.issues[0];
  const said = Object.entries(result ?? {}).filter(([, value]) => value !== undefined);
  if (!issue) return { ...nothing, ...Object.fromEntries(said) } as RunOutcome;
  const message = `what the task returned is not a valid outcome: ${[...issue.path, issue.message].join(': ')}`;
  throw new OptioError('invalid-input', message, { remedy: 'Return nothing, or parts of a RunOutcome.' });
}
