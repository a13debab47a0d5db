import type { CodexConversation } from '../codex/conversation.ts';
import type { RunContext } from '../task/context.ts';

export interface PausesOptions {
  readonly context: Pick<RunContext, 'whenPaused' | 'whenRunning'>;
  readonly conversation: Pick<CodexConversation, 'closed' | 'interrupt'>;
  /** Resolves when the session is over. */
  readonly over: Promise<unknown>;
  /** Called after each pause. */
  readonly goOn: () => Promise<void>;
}

/**
 * Lets no turn run in a session while its run is paused: the one that runs is ended, with its commands. That no other
 * one begins is the conversation's to see to. Resolves when the session is over.
 */
export async function keepPauses({ context, conversation, over, goOn }: PausesOptions): Promise<void> {
  const unlessOver = (what: Promise<unknown>): Promise<boolean> =>
    Promise.race([what.then(() => true), over.then(() => false)]);
  while (await unlessOver(context.whenPaused())) {
    if (!conversation.closed) await unlessOver(conversation.interrupt());
    if (await unlessOver(context.whenRunning())) await goOn();
  }
}
