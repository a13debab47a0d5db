import { describe, expect, it } from 'vitest';
import { checkSandbox } from '../../../src/session/sandbox-check.ts';
import { startCodex } from '../../support/codex.ts';

const LISTED = { enabled: true, domains: { 'listed.example': 'allow' } };
const PROXY = { network_proxy: true };

/** Checks a codex whose profile `locked` is this one; its home is the `~` of the profile. */
async function check(locked: object, features: object, hasHostList: boolean): Promise<void> {
  const { codex, home, workspace } = await startCodex({
    over: 'socket',
    isRaw: true,
    config: { default_permissions: 'locked', permissions: { locked: { extends: ':workspace', ...locked } }, features },
  });
  return checkSandbox({ connect: codex.connect, codexHome: home, workspace, hasHostList });
}

describe('the check of the sandbox', () => {
  const filesystem = { '~/config.toml': 'deny' };

  it('is content with a profile that denies our configuration, and with a list of hosts behind the proxy', async () => {
    await check({ filesystem }, {}, false);
    await check({ filesystem, network: LISTED }, PROXY, true);
  });

  it('fails when a command can read our configuration', async () => {
    await expect(check({}, {}, false)).rejects.toMatchObject({
      code: 'sandbox-unavailable',
      message: expect.stringContaining('it read our configuration'),
    });
  });

  it('fails when a direct connection gets past a list of hosts, whose proxy is not switched on', async () => {
    await expect(check({ filesystem, network: LISTED }, {}, true)).rejects.toMatchObject({
      code: 'sandbox-unavailable',
      message: expect.stringContaining('it reached a host that is not listed'),
    });
  });
});
