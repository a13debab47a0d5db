import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';

/** No request of a codex is longer, in bytes. */
const MAX_BYTES = 64 * 1024;

/** Where a codex asks, on our port. */
export const GATE_PATH = '/oauth/token';

const askedSchema = z.object({
  grant_type: z.literal('refresh_token'),
  refresh_token: z.string().min(1),
  refresh_reason: z.string().nullish().catch(null),
});

/** What a codex asks at the gate. */
export interface GateRequest {
  readonly token: string;
  /** The provider has refused the access token that it has; otherwise that ends soon. */
  readonly isRefused: boolean;
}

/** What it is answered. */
export interface GateReply {
  readonly status: number;
  readonly body: object;
}

/** An answer without tokens, in the shape of the provider's. */
export function gateRefusal(status: number, code: string, message: string): GateReply {
  return { status, body: { error: { code, message } } };
}

/** Reads a request; what is not for the gate gives the answer to that. */
export async function readGateRequest(request: IncomingMessage): Promise<GateRequest | GateReply> {
  if (request.url !== GATE_PATH) return gateRefusal(404, 'not_found', 'there is nothing here');
  if (request.method !== 'POST') return gateRefusal(405, 'method_not_allowed', 'a newer token is asked for by POST');
  const body = await readBody(request);
  if (body === undefined) return gateRefusal(413, 'too_large', `no request is longer than ${MAX_BYTES} bytes`);
  const asked = askedSchema.safeParse(parse(body)).data;
  if (!asked) return gateRefusal(400, 'invalid_request', 'this is no request for a newer token');
  // A codex that does not say why (0.142) is taken to be refused: the worst that comes of that is one refresh more.
  return { token: asked.refresh_token, isRefused: asked.refresh_reason !== 'proactive_expiry' };
}

/** Sends an answer. A connection of its own for each request holds nobody up when we end. */
export function sendGateReply(response: ServerResponse, { status, body }: GateReply): void {
  if (response.destroyed) return; // whoever asked has given up, and asks again
  const bytes = Buffer.from(JSON.stringify(body));
  const headers = { 'content-type': 'application/json', 'content-length': bytes.length, 'cache-control': 'no-store' };
  response.writeHead(status, { ...headers, connection: 'close' }).end(bytes);
}

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
