import type { LoginAccountParams } from '../../src/codex/protocol/v2/LoginAccountParams.ts';
import type { Issued } from '../fakes/identity/lineages.ts';
import { type BareClient, type BareOptions, startBare } from './bare-client.ts';
import type { StartedConversation } from './codex.ts';
import { type StartedIdentity, startIdentity } from './identity.ts';
import { toAuthFile } from './identity-place.ts';

export interface IdentityCodexOptions extends BareOptions {
  /** A login that lies in its home from the start, in a file. */
  readonly planted?: Issued;
  /** Whom it comes to; one of its own unless told. */
  readonly at?: StartedIdentity;
}

/** A codex that comes to a fake identity provider wherever it would come to OpenAI, with a bare client. */
export async function startWithIdentity(
  options: IdentityCodexOptions = {},
): Promise<StartedIdentity & StartedConversation & BareClient> {
  const { planted, at = await startIdentity(), ...others } = options;
  const store = planted ? 'file' : 'ephemeral';
  const started = await startBare({
    experimentalApi: true,
    ...others,
    config: { model_provider: 'openai', model: 'gpt-5.5', cli_auth_credentials_store: store, ...others.config },
    env: { ...at.env, ...others.env },
    files: { ...others.files, ...(planted && { 'auth.json': toAuthFile(planted) }) },
  });
  return { ...started, ...at };
}

/** What hands an access token over, and nothing to renew it with. */
export function lent({ accessToken, account }: Issued): LoginAccountParams {
  return {
    type: 'chatgptAuthTokens',
    accessToken,
    chatgptAccountId: account.id,
    chatgptPlanType: account.plan,
  };
}
