import { heartbeatOf } from '../codex/conversation-options.ts';
import { type AdoptOptions, adoptCodex, type CodexProcess } from '../codex/launch.ts';
import type { RunEventBody } from '../contract/event.ts';
import { OptioError } from '../errors.ts';
import type { RunContext } from '../task/context.ts';
import type { SessionConfig } from './config.ts';

/** What the journal tells of a codex that gives no sign of life, or one again. */
export function silenceNotice(kind: 'began' | 'ended', since: Date): RunEventBody {
  const at = since.toISOString();
  return kind === 'ended'
    ? { type: 'notice', level: 'info', message: `codex answers again, which it did not since ${at}` }
    : { type: 'notice', level: 'warning', message: `codex does not answer since ${at}; it is left alone for a while` };
}

/**
 * Takes over the codex that another process has started; undefined when it does not live any more. One that gives no sign
 * of life for too long counts as dead, and is the caller's to end.
 */
export async function adoptPatiently(
  options: AdoptOptions,
  context: RunContext,
  { deadlines }: SessionConfig,
): Promise<CodexProcess | undefined> {
  const patience: AdoptOptions['patience'] = {
    ...heartbeatOf(deadlines),
    onSilence: ({ kind, since }) => kind !== 'tooLong' && context.emit(silenceNotice(kind, since)),
    signal: AbortSignal.any([context.signal, context.detached]),
  };
  try {
    return await adoptCodex({ ...options, patience });
  } catch (error) {
    if (!(error instanceof OptioError) || error.code !== 'codex-unresponsive') throw error;
    context.emit({ type: 'notice', level: 'warning', message: `${error.message}: it is stopped` });
    return undefined;
  }
}
