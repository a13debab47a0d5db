import { type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { ScriptedModel } from '../../../src/testing/model.ts';
import type { Account } from './account.ts';
import { whoAsks } from './backend.ts';
import { bearerOf, type Reply, refuse } from './exchange.ts';
import type { Lineages } from './lineages.ts';

/** Why a request for the model is refused; undefined for a key or a token that is good. */
export function refusalOf(
  { headers }: IncomingMessage,
  lineages: Lineages,
  apiKeys: ReadonlySet<string>,
): Reply | undefined {
  const bearer = bearerOf(headers);
  if (apiKeys.has(bearer)) return undefined;
  if (bearer.startsWith('sk-')) return badKey();
  const asks = whoAsks(lineages, { bearer, headers });
  if ('status' in asks) return asks;
  return asks.usage.isExhausted ? usedUp(asks) : undefined;
}

/** `GET /v1/models` with a key. */
export function listModels(apiKeys: ReadonlySet<string>, key: string): Reply {
  return apiKeys.has(key) ? { status: 200, body: { object: 'list', data: [] } } : badKey();
}

function usedUp({ plan, usage }: Account): Reply {
  const message = 'The usage limit has been reached';
  const error = { type: 'usage_limit_reached', message, plan_type: plan, resets_at: usage.primaryResetsAt };
  return { status: 429, body: { error } };
}

function badKey(): Reply {
  return refuse(401, 'invalid_api_key', 'Incorrect API key provided.');
}

/** Lets the scripted model answer. */
export function forward(model: ScriptedModel, incoming: IncomingMessage, outgoing: ServerResponse): Promise<number> {
  return new Promise((resolve) => {
    const gone = () => resolve(0);
    const forwarded = request(`${model.url}/responses`, { method: 'POST', headers: incoming.headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(outgoing);
      outgoing.once('close', () => resolve(answer.statusCode ?? 500));
    });
    forwarded.once('error', () => {
      outgoing.destroy();
      gone();
    });
    outgoing.once('close', () => forwarded.destroy());
    incoming.pipe(forwarded);
  });
}
