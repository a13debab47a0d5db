import { chmodSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunSpec } from '../../src/contract/run-spec.ts';
import type { Host } from '../../src/hosts/host.ts';
import { LocalHost } from '../../src/hosts/local.ts';
import { checkConfig } from '../../src/session/config.ts';
import type { SessionLogin } from '../../src/session/login.ts';
import { reportLogin } from '../../src/session/login-report.ts';
import { NO_LOGINS } from '../../src/task/logins.ts';
import { subdirectory, testDirectory } from '../support/directories.ts';

const KEY: SessionLogin = { label: 'a key', give: async () => ({ type: 'apiKey', apiKey: 'sk-1' }) };
const TOKENS: SessionLogin = { ...KEY, seed: { id: 'work', mode: 'broker' }, renew: () => Promise.reject(new Error()) };
const NONE: SessionLogin = { label: 'no key' };
const EXPOSED = { sandbox: 'danger-full-access', exposeLogin: true } as const;
/** Nobody that is there: what he may write is what everybody may. */
const STRANGER = { uid: 4_000_000_001, gids: [4_000_000_001] };

interface Modes {
  readonly package?: number;
  readonly binary?: number;
  readonly share?: number;
}

/** What is told of a login where commands run as the stranger. */
async function gapsOf(
  spec: Partial<RunSpec>,
  login = TOKENS,
  modes: Modes = {},
  saved: readonly string[] = [],
): Promise<string[]> {
  const root = testDirectory('login-report');
  const [dataDir, packageDir] = [subdirectory(root, 'share', 'data'), subdirectory(root, 'codex', 'vendor')];
  const binary = { path: join(packageDir, 'codex'), packageDir };
  writeFileSync(binary.path, '', { mode: 0o755 });
  symlinkSync(dataDir, join(root, 'data'));
  for (const path of [root, dirname(dataDir), dataDir, dirname(packageDir)]) chmodSync(path, 0o755);
  chmodSync(packageDir, modes.package ?? 0o755);
  chmodSync(binary.path, modes.binary ?? 0o755);
  chmodSync(dirname(dataDir), modes.share ?? 0o755);
  const local = new LocalHost({ home: root });
  const host = Object.assign(Object.create(local), {
    isLocal: true,
    describe: async () => ({ ...(await local.describe()), ...STRANGER }),
  }) as Host;
  const config = checkConfig({ instructions: 'go', workspace: { fresh: true }, ...spec });
  const logins = { ...NO_LOGINS, names: async () => saved };
  const { gaps } = await reportLogin(login, config, { host, logins, dataDir: join(root, 'data'), binary });
  return gaps.map((gap) => gap.replace(root, 'ROOT'));
}

describe('the gaps in how a login is kept from commands', () => {
  it('are none where nothing can be replaced, or nobody is asked', async () => {
    expect(await gapsOf({ permissionGate: true })).toEqual([]);
    expect(await gapsOf({}, TOKENS, { package: 0o777 })).toEqual([]);
  });

  it.each([
    [{ package: 0o777 }, 'ROOT/codex/vendor'],
    [{ binary: 0o777 }, 'ROOT/codex/vendor/codex'],
    [{ share: 0o777 }, 'ROOT/share'],
  ])('are a place in which an approved command could replace what codex executes: %o', async (modes, place) => {
    expect(await gapsOf({ permissionGate: true }, TOKENS, modes)).toEqual([
      `an approved command could replace ${place} or what lies in it, and the next one would run outside of the sandbox`,
    ]);
  });

  it('are full access, and MCP servers of the user', async () => {
    const exposed = { sandbox: 'danger-full-access', exposeLogin: true, permissionGate: true } as const;
    expect(await gapsOf(exposed, KEY, { package: 0o777 })).toEqual(['commands have full access']);
    expect(await gapsOf({ useConfig: ['mcp:mine'] })).toEqual(['MCP servers of yours run outside of the sandbox']);
  });

  it('are none of a run that has no login where none is saved', async () => {
    expect(await gapsOf(EXPOSED, NONE)).toEqual([]);
  });

  it('are the same of a run that has no login where some are saved, and of one with a login those of the others', async () => {
    const full = 'commands have full access';
    expect(await gapsOf(EXPOSED, NONE, {}, ['work'])).toEqual([full]);
    expect(await gapsOf({ useConfig: ['mcp:mine'] }, NONE, {}, ['work'])).toEqual([expect.stringContaining('MCP')]);
    expect(await gapsOf({}, NONE, {}, ['work'])).toEqual([]);
    expect(await gapsOf(EXPOSED, TOKENS, {}, ['work'])).toEqual([full]);
    const others = [`${full}, also to the other logins that are saved here`];
    expect(await gapsOf(EXPOSED, TOKENS, {}, ['spare', 'work'])).toEqual(others);
    expect(await gapsOf(EXPOSED, KEY, {}, ['work'])).toEqual(others);
  });
});
