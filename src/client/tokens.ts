import type { CreateOptions } from '../contract/create-options.ts';
import { ROUTES } from '../contract/routes.ts';
import type { CreatedToken, NewToken } from '../contract/token.ts';
import { OptioError } from '../errors.ts';
import { call } from './call.ts';
import type { Connection } from './connection.ts';

/** Makes a token. Its secret is told once: where that one answer was lost, it says so. */
export async function createToken(
  connection: Connection,
  token: NewToken,
  { idempotencyKey: key }: CreateOptions,
): Promise<CreatedToken> {
  try {
    return await call(connection, ROUTES.createToken, { body: token, key });
  } catch (thrown) {
    const isMade = key === undefined && thrown instanceof OptioError && thrown.code === 'key-reused';
    if (!isMade) throw thrown;
    throw new OptioError(
      'server-unreachable',
      `the token ${token.name} was made, and its secret lost with the connection`,
      {
        cause: thrown,
        remedy: 'Remove it, and make another.',
      },
    );
  }
}
