import { toUserInput } from '../../../src/codex/input.ts';
import type { TurnStartParams } from '../../../src/codex/protocol/v2/TurnStartParams.ts';
import type { IncomingRequest } from '../../../src/rpc/connection.ts';
import type { BareClient } from '../../support/bare-client.ts';
import type { StartedConversation } from '../../support/codex.ts';
import { until } from '../../support/processes.ts';

export type Bare = StartedConversation & BareClient;

export interface BareTurn {
  /** What the model got of its calls. */
  readonly outputs: readonly string[];
  /** What codex asked, in order. */
  readonly asked: readonly IncomingRequest[];
}

/**
 * Takes a turn with these params, and answers what codex asks, in order: a result, or `refuse` for an error. It has to
 * ask that often.
 */
export async function takeTurn(
  { client, requests, notified, model }: Bare,
  params: Pick<TurnStartParams, 'threadId'> & Partial<TurnStartParams>,
  answers: readonly (object | 'refuse')[] = [],
): Promise<BareTurn> {
  const before = requests.length;
  const { turn } = await client.call('turn/start', { input: toUserInput('go'), ...params });
  for (const [index, answer] of answers.entries()) {
    await until(() => requests.length > before + index, 'a request');
    const request = requests[before + index] as IncomingRequest;
    await (answer === 'refuse' ? client.refuse(request, 'no') : client.respond(request, answer));
  }
  await notified('turn/completed', (told) => told.turn.id === turn.id);
  return { outputs: model.requests.at(-1)?.outputs ?? [], asked: requests.slice(before) };
}
