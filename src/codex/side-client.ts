import { OptioError } from '../errors.ts';
import { RpcConnection } from '../rpc/connection.ts';
import { CodexClient } from './client.ts';
import { introduce } from './handshake.ts';
import type { CodexProcess } from './launch.ts';

/** Codex asks every connection for a newer token, and takes the first answer, also one that is a refusal. */
const FOR_THE_CONVERSATION = 'account/chatgptAuthTokens/refresh';

/**
 * Lets `work` call an app-server over a connection of its own, beside the conversation: it hears nothing of any thread
 * and is asked nothing. The connection is closed afterwards, whatever comes of it.
 */
export async function withSideClient<T>(
  connect: CodexProcess['connect'],
  work: (client: CodexClient) => Promise<T>,
): Promise<T> {
  const rpc = new RpcConnection(await connect(), {
    onNotification() {},
    onRequest({ id, method }) {
      if (method !== FOR_THE_CONVERSATION) void rpc.refuse(id, `"${method}" is not supported`).catch(() => {});
    },
    onClose() {},
  });
  try {
    rpc.start();
    const client = new CodexClient(rpc);
    await introduce(client, { agentLabel: 'optio-codex', experimentalApi: true });
    return await work(client);
  } finally {
    rpc.close(new OptioError('connection-closed', 'the work beside the conversation is done'));
  }
}
