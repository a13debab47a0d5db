import { describe, expect, it } from 'vitest';
import type { CodexProcess } from '../../../src/codex/launch.ts';
import type { Transport } from '../../../src/rpc/transport.ts';
import { checkSandbox } from '../../../src/session/sandbox-check.ts';
import { startCodex } from '../../support/codex.ts';

const LISTED = { enabled: true, domains: { 'listed.example': 'allow' } };
const PROXY = { network_proxy: true };

/** Checks a codex whose profile `locked` is this one; its home is the `~` of the profile. */
async function check(
  locked: object,
  features: object,
  hasHostList: boolean,
  connectTo: (codex: CodexProcess) => CodexProcess['connect'] = (codex) => codex.connect,
): Promise<void> {
  const { codex, home, workspace } = await startCodex({
    over: 'socket',
    isRaw: true,
    config: { default_permissions: 'locked', permissions: { locked: { extends: ':workspace', ...locked } }, features },
  });
  return checkSandbox({ connect: connectTo(codex), codexHome: home, workspace, hasHostList });
}

describe('the check of the sandbox', () => {
  const filesystem = { '~/config.toml': 'deny' };

  it('is content with a profile that denies our configuration, and with a list of hosts behind the proxy', async () => {
    await check({ filesystem }, {}, false);
    await check({ filesystem, network: LISTED }, PROXY, true);
  });

  it('tries again when its connection is cut while the command runs', async () => {
    let connections = 0;
    const isCutOnce = (codex: CodexProcess) => async (): Promise<Transport> => {
      const inner = await codex.connect();
      if (connections++ > 0) return inner;
      return {
        start: (receiver) => inner.start(receiver),
        async send(text) {
          await inner.send(text);
          if (text.includes('"command/exec"')) inner.close();
        },
        close: () => inner.close(),
      };
    };
    await check({ filesystem }, {}, false, isCutOnce);
    expect(connections).toBe(2);
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
