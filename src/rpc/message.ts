import { OptioError } from '../errors.ts';

/** Ids are the sender's own: ours and the peer's overlap, so a message is routed by its shape, never by its id. */
export type RequestId = string | number;

export interface RpcErrorBody {
  readonly code: number;
  readonly message: string;
  readonly data?: unknown;
}

/** One message, sorted by what it is. Codex leaves out JSON-RPC's `jsonrpc` member, so it is not asked for. */
export type RpcMessage =
  | { readonly kind: 'request'; readonly id: RequestId; readonly method: string; readonly params: unknown }
  | { readonly kind: 'notification'; readonly method: string; readonly params: unknown }
  | { readonly kind: 'result'; readonly id: RequestId; readonly result: unknown }
  | { readonly kind: 'error'; readonly id: RequestId; readonly error: RpcErrorBody }
  | { readonly kind: 'unknown' };

/** What JSON-RPC calls an error of the peer's own. */
const INTERNAL_ERROR = -32603;
const UNKNOWN: RpcMessage = { kind: 'unknown' };

/** Sorts a parsed JSON value; `unknown` for one that is no message. */
export function classifyMessage(value: unknown): RpcMessage {
  if (typeof value !== 'object' || value === null) return UNKNOWN;
  const { id, method, params, result, error } = value as Record<string, unknown>;
  if (typeof method === 'string') {
    if (id === undefined) return { kind: 'notification', method, params };
    return isRequestId(id) ? { kind: 'request', id, method, params } : UNKNOWN;
  }
  if (method !== undefined || !isRequestId(id)) return UNKNOWN;
  if (typeof error === 'object' && error !== null) return { kind: 'error', id, error: toErrorBody(error) };
  return result === undefined ? UNKNOWN : { kind: 'result', id, result };
}

function isRequestId(id: unknown): id is RequestId {
  return typeof id === 'number' || typeof id === 'string';
}

/** However little an error says, it is the answer, and no other will come. */
function toErrorBody(error: Partial<Record<keyof RpcErrorBody, unknown>>): RpcErrorBody {
  const { code, message } = error;
  return {
    ...error,
    code: typeof code === 'number' ? code : INTERNAL_ERROR,
    message: typeof message === 'string' ? message : 'no reason was given',
  };
}

/** A message as it is sent. Throws `invalid-input` for what is no JSON, such as a circular object. */
export function toJson(message: object): string {
  try {
    return JSON.stringify(message);
  } catch (cause) {
    throw new OptioError('invalid-input', `it cannot be written as JSON: ${(cause as Error).message}`, { cause });
  }
}
