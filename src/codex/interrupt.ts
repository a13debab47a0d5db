import { setTimeout as delay } from 'node:timers/promises';
import { fromUnknown } from '../errors.ts';
import type { CodexClient } from './client.ts';
import type { ThreadResumeParams } from './protocol/v2/ThreadResumeParams.ts';
import type { RunningTurn } from './turn.ts';

const ATTEMPTS = 5;
/** An old Codex does not answer at all when the turn ends meanwhile. */
const DEADLINE_MS = 10_000;

export interface InterruptOptions {
  /** The calls of the newest connection. */
  readonly client: () => CodexClient;
  readonly threadId: string;
  /** Resolves when a connection that was lost is there again, with false when it will not come back. */
  readonly reconnected: () => Promise<boolean>;
}

/** Ends a turn and resolves when it has ended. Codex knows a turn only from its start on, and refuses before. */
export async function interruptTurn(options: InterruptOptions, turn: RunningTurn): Promise<void> {
  const { client, threadId, reconnected } = options;
  for (let attempt = 1; ; attempt++) {
    await turn.begun();
    if (turn.isEnded) return;
    try {
      const limits = { deadlineMs: DEADLINE_MS, waitsWhileSilent: true };
      const call = client().call('turn/interrupt', { threadId, turnId: turn.id }, limits);
      await Promise.race([call, turn.over()]);
      return await turn.over();
    } catch (error) {
      if (turn.isEnded) return;
      if (attempt === ATTEMPTS || !(await reconnected())) throw fromUnknown(error);
      await Promise.race([delay(100 * attempt), turn.over()]);
    }
  }
}

export interface StopCommandsOptions {
  readonly client: CodexClient;
  readonly threadId: string;
  /** The items of the commands to stop. */
  readonly itemIds: ReadonlySet<string>;
  /** With it Codex stops single commands; without it only all of the thread's at once. */
  readonly experimentalApi: boolean;
  /** How to resume the thread, for the way without `experimentalApi`. */
  readonly resume: ThreadResumeParams;
}

/**
 * Stops commands that an interrupted turn left running, which Codex does not do by itself. Without the experimental
 * API the only way is to archive the thread, which stops all commands of it, and to take it up again.
 */
export async function stopCommands(options: StopCommandsOptions): Promise<void> {
  const { client, threadId, itemIds } = options;
  if (options.experimentalApi) {
    const { data } = await client.call('thread/backgroundTerminals/list', { threadId, limit: 1_000 });
    const terminals = data.filter((terminal) => itemIds.has(terminal.itemId));
    await Promise.all(
      terminals.map(({ processId }) => client.call('thread/backgroundTerminals/terminate', { threadId, processId })),
    );
  } else {
    await client.call('thread/archive', { threadId });
    await client.call('thread/unarchive', { threadId });
    await client.call('thread/resume', options.resume);
  }
}
