import type { RunOutcome } from '../contract/outcome.ts';
import type { RunContext } from './context.ts';

/** A definition of work: what to do when it is run. Any async function of a `RunContext` will do. */
export interface Task {
  /** Chosen by its author. */
  readonly id: string;
  readonly name: string;
  readonly description?: string;
  /** Tags to find it by. */
  readonly metadata?: Readonly<Record<string, string>>;
  execute(context: RunContext): Promise<RunOutcome>;
}
