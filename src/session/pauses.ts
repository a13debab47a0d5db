import type { CodexConversation } from '../codex/conversation.ts';
import { fromUnknown } from '../errors.ts';
import type { RunContext } from '../task/context.ts';

export interface PausesOptions {
  readonly context: Pick<RunContext, 'whenPaused' | 'atRest' | 'whenRunning' | 'emit'>;
  readonly conversation: Pick<CodexConversation, 'closed' | 'interrupt'>;
  /** Resolves when the session is over. */
  readonly over: Promise<unknown>;
  /** Called when a pause begins, and after it. */
  readonly onPause: () => void;
  readonly goOn: () => Promise<void>;
}

/**
 * Lets no turn run in a session while its run is paused: the one that runs is ended, with its commands. That no other
 * one begins is the conversation's to see to. Resolves when the session is over.
 */
export async function keepPauses({ context, conversation, over, onPause, goOn }: PausesOptions): Promise<void> {
  let isOver = false;
  const ended = over.then(() => {
    isOver = true;
  });
  const unlessOver = async (what: Promise<unknown>): Promise<boolean> => {
    await Promise.race([ended, what]);
    return !isOver;
  };
  const tellOfTurn = (thrown: unknown) => {
    if (isOver || conversation.closed) return;
    const message = `the run is paused, and its turn could not be ended: ${fromUnknown(thrown).message}`;
    context.emit({ type: 'notice', level: 'warning', message });
  };
  while (await unlessOver(context.whenPaused())) {
    onPause();
    if (!conversation.closed) await unlessOver(conversation.interrupt().catch(tellOfTurn));
    context.atRest();
    if (await unlessOver(context.whenRunning())) await goOn();
  }
}
