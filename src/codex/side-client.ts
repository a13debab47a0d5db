import { OptioError } from '../errors.ts';
import { RpcConnection } from '../rpc/connection.ts';
import { CodexClient } from './client.ts';
import { introduce } from './handshake.ts';
import type { CodexProcess } from './launch.ts';

/**
 * Lets `work` call an app-server over a connection of its own, beside the conversation: it hears nothing of any thread
 * and is asked nothing. The connection is closed afterwards, whatever comes of it.
 */
export async function withSideClient<T>(
  connect: CodexProcess['connect'],
  work: (client: CodexClient) => Promise<T>,
): Promise<T> {
  const rpc = new RpcConnection(await connect(), { onNotification() {}, onClose() {} });
  try {
    rpc.start();
    const client = new CodexClient(rpc);
    await introduce(client, { agentLabel: 'optio-codex', experimentalApi: true });
    return await work(client);
  } finally {
    rpc.close(new OptioError('connection-closed', 'the work beside the conversation is done'));
  }
}
