import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CallStep, say } from '../../../src/testing/index.ts';
import { type StartOptions, startConversation } from '../../support/codex.ts';
import { subdirectory, testDirectory } from '../../support/directories.ts';

/** What a command reads where it may read the secret. */
export const CANARY = 'CANARY-of-the-denied-directory';

export interface LockedPlace {
  /** A directory that the profile `locked` denies. */
  readonly denied: string;
  readonly secret: string;
  /** A directory that is nobody’s secret, outside of the workspace. */
  readonly outside: string;
  /** What of config.toml makes the profile, which extends `:workspace`, the default. */
  readonly config: Readonly<Record<string, unknown>>;
}

export function layOutLocked(): LockedPlace {
  const root = testDirectory('locked');
  const [denied, outside] = [subdirectory(root, 'denied'), subdirectory(root, 'outside')];
  const secret = join(denied, 'secret');
  writeFileSync(secret, `${CANARY}\n`);
  return { denied, secret, outside, config: withProfile({ extends: ':workspace', filesystem: { [denied]: 'deny' } }) };
}

/** What of config.toml makes this profile the default. */
export function withProfile(locked: object): Record<string, unknown> {
  return { default_permissions: 'locked', permissions: { locked } };
}

/** Lets the model call these tools in one turn, accepts whatever is asked, and gives what the model got of each. */
export async function outputsOf(calls: readonly CallStep[], options: StartOptions): Promise<readonly string[]> {
  const { conversation, model } = await startConversation({
    ...options,
    script: [...calls, say('done')],
    conversation: { sandbox: null, ...options.conversation },
  });
  conversation.onPermissionRequest(() => ({ behavior: 'allow' }));
  await (await conversation.send('go')).completed;
  return model.requests.at(-1)?.outputs ?? [];
}
