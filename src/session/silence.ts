import { heartbeatOf } from '../codex/conversation-options.ts';
import { type AdoptOptions, adoptCodex, type CodexProcess } from '../codex/launch.ts';
import type { RunEventBody } from '../contract/event.ts';
import { type ErrorCode, OptioError } from '../errors.ts';
import type { RunContext } from '../task/context.ts';
import type { SessionConfig } from './config.ts';

/** What the journal tells of a codex that gives no sign of life, or one again. */
export function silenceNotice(kind: 'began' | 'ended', since: Date): RunEventBody {
  const at = since.toISOString();
  return kind === 'ended'
    ? { type: 'notice', level: 'info', message: `codex answers again, which it did not since ${at}` }
    : { type: 'notice', level: 'warning', message: `codex does not answer since ${at}; it is left alone for a while` };
}

/** How taking over a codex fails that nobody can reach any more: it is silent, or its socket is gone, or not its own. */
const UNREACHABLE: readonly ErrorCode[] = ['codex-unresponsive', 'codex-start-failed'];

/**
 * Takes over the codex that another process has started; undefined when it does not live any more. One that gives no sign
 * of life for too long, or that cannot be connected to, counts as dead, and is the caller's to end.
 */
export async function adoptPatiently(
  options: AdoptOptions,
  context: RunContext,
  { deadlines }: SessionConfig,
): Promise<CodexProcess | undefined> {
  const signal = AbortSignal.any([context.signal, context.detached]);
  const patience: AdoptOptions['patience'] = {
    ...heartbeatOf(deadlines),
    onSilence: ({ kind, since }) => kind !== 'tooLong' && context.emit(silenceNotice(kind, since)),
    signal,
  };
  try {
    return await adoptCodex({ ...options, patience });
  } catch (error) {
    if (!(error instanceof OptioError) || !UNREACHABLE.includes(error.code) || signal.aborted) throw error;
    context.emit({ type: 'notice', level: 'warning', message: `${error.message}: it is stopped` });
    return undefined;
  }
}
