import type { CodexConversation } from '../codex/conversation.ts';
import type { RunView } from '../contract/view.ts';
import type { RunContext } from '../task/context.ts';
import type { NextAttempt } from './checkpoint.ts';
import type { SessionConfig } from './config.ts';
import type { Narrator } from './narrator.ts';
import type { EndedTurn } from './outcome.ts';

export interface LiveOptions {
  readonly context: RunContext;
  readonly config: SessionConfig;
  readonly conversation: CodexConversation;
  readonly narrator: Narrator;
  /** What the journal said when we came, where another process had begun the session. */
  readonly before: RunView | undefined;
  /** The codex of that process had died as well: what it was about is cut. */
  readonly isRelaunched: boolean;
  /** Told of each turn that has ended, before anything is decided by that. */
  readonly onTurn: (turn: EndedTurn) => void;
  /** The thread that was there when we came. */
  readonly threadId: string | undefined;
  /** It goes on after an attempt that has failed. `isNew`: nobody has done so before us. */
  readonly nextAttempt: (NextAttempt & { readonly isNew: boolean }) | undefined;
}
