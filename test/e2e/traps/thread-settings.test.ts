import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'smol-toml';
import { describe, expect, it } from 'vitest';
import type { ThreadStartParams } from '../../../src/codex/protocol/v2/ThreadStartParams.ts';
import type { TurnStartParams } from '../../../src/codex/protocol/v2/TurnStartParams.ts';
import { say, shell } from '../../../src/testing/index.ts';
import { startBare } from '../../support/bare-client.ts';
import { BINARIES, NEWEST, type StartOptions } from '../../support/codex.ts';
import { type Bare, takeTurn } from './bare-turn.ts';
import { CANARY, layOutLocked, outputsOf, withProfile } from './locked.ts';

/** Starts a thread in the workspace, where nobody is asked. */
function startThread({ client, workspace }: Bare, more: Partial<ThreadStartParams> = {}) {
  return client.call('thread/start', { cwd: workspace, approvalPolicy: 'never', ...more });
}

/** A model that calls this in each of its turns. */
const inEachTurn = (command: string) => {
  const script: StartOptions['script'] = ({ outputs }) => [outputs.length === 0 ? shell(command) : say('done')];
  return script;
};

describe.each(BINARIES)('the profile of a thread with codex $version', (binary) => {
  it('is thrown away by a configuration or a sandbox mode that comes with its start', async () => {
    const { secret, config } = layOutLocked();
    const script = inEachTurn(`cat '${secret}'; echo ran`);
    const reads = async (more: Partial<ThreadStartParams>) => {
      const bare = await startBare({ binary, config, script });
      const { thread } = await startThread(bare, more);
      const output = (await takeTurn(bare, { threadId: thread.id })).outputs.join();
      expect(output).toContain('ran\n');
      return output.includes(CANARY);
    };
    expect(await reads({})).toBe(false);
    expect(await reads({ config: { default_permissions: ':workspace' } })).toBe(true);
    expect(await reads({ config: { sandbox_mode: 'workspace-write' } })).toBe(true);
    expect(await reads({ sandbox: 'workspace-write' })).toBe(true);
  });

  it('is not touched by `sandbox_mode` in the same config.toml', async () => {
    const { secret, config } = layOutLocked();
    const options = { binary, config: { ...config, sandbox_mode: 'danger-full-access' } };
    const [output] = await outputsOf([shell(`cat '${secret}'; echo ran`)], options);
    expect(output).toContain('ran\n');
    expect(output).not.toContain(CANARY);
  });

  it('is widened by a turn with a directory or a sandbox policy of its own, for all later turns', async () => {
    const sandboxPolicy = (outside: string): Partial<TurnStartParams> => ({
      sandboxPolicy: {
        type: 'workspaceWrite',
        writableRoots: [outside],
        networkAccess: false,
        excludeTmpdirEnvVar: false,
        excludeSlashTmp: false,
      },
    });
    for (const widen of [sandboxPolicy, (cwd: string): Partial<TurnStartParams> => ({ cwd })]) {
      const { outside, config } = layOutLocked();
      const bare = await startBare({ binary, config, script: inEachTurn(`touch '${outside}/made' && echo WROTE`) });
      const { thread } = await startThread(bare);
      const outputs: string[] = [];
      for (const params of [{}, widen(outside), {}])
        outputs.push(...(await takeTurn(bare, { threadId: thread.id, ...params })).outputs);
      expect(outputs.map((output) => output.includes('WROTE'))).toEqual([false, true, true]);
    }
  });

  it('is told as a sandbox that shows neither what it denies nor that its network is a list of hosts', async () => {
    const denied = { extends: ':workspace', filesystem: { '/nowhere': 'deny' } };
    const listed = { enabled: true, domains: { 'listed.example': 'allow' } };
    const toldOf = async (profile: object, features = {}) => {
      const bare = await startBare({ binary, config: { ...withProfile(profile), features } });
      const { sandbox, activePermissionProfile } = await startThread(bare);
      expect(activePermissionProfile?.id).toBe('locked');
      return sandbox;
    };
    expect(await toldOf(denied)).toEqual(await toldOf({ extends: ':workspace' }));
    expect(await toldOf({ ...denied, network: listed }, { network_proxy: true })).toEqual(
      await toldOf({ ...denied, network: { enabled: true } }),
    );
  });

  it('hangs on the trust in the directory where nobody names one: untrusted it may be written, unknown only read', async () => {
    const toldWith = async (levels: readonly string[]) => {
      const bare = await startBare({ binary });
      const projects = Object.fromEntries(levels.map((trust_level) => [bare.workspace, { trust_level }]));
      appendFileSync(join(bare.home, 'config.toml'), stringify({ projects }));
      return (await startThread(bare)).activePermissionProfile;
    };
    expect(await toldWith([])).toMatchObject({ id: ':read-only' });
    expect(await toldWith(['untrusted'])).toMatchObject({ id: ':workspace' });
  });

  it('is refused together with a sandbox mode', async () => {
    const bare = await startBare({ binary, config: layOutLocked().config, experimentalApi: true });
    const both = startThread(bare, { sandbox: 'workspace-write', permissions: 'locked' });
    await expect(both).rejects.toThrow('`permissions` cannot be combined with `sandbox`');
  });
});

describe('what a turn leaves to the next process', () => {
  /** Takes a turn with these params, and one more after a resume that names the profile; each adds a line to a file outside. */
  const resumeAfter = async (params: Partial<TurnStartParams>, more: { permissions?: string } = {}) => {
    const { outside, config } = layOutLocked();
    const told = join(outside, 'told');
    const first = await startBare({ binary: NEWEST, config, script: inEachTurn(`echo line >> '${told}'`) });
    const { thread } = await startThread(first);
    await takeTurn(first, { threadId: thread.id, ...params });
    await first.codex.stop();
    const second = await startBare({ binary: NEWEST, from: first, experimentalApi: true });
    const resumed = await second.client.call('thread/resume', { threadId: thread.id, ...more });
    // After full access a command may have the whole disk as its workspace, and codex would leave its marks in it.
    if (!params.sandboxPolicy) await takeTurn(second, { threadId: thread.id });
    return { ...resumed, lines: existsSync(told) ? readFileSync(told, 'utf8') : '' };
  };

  it('is to write the whole disk after full access, told as a sandbox, unless the profile is named (0.169)', async () => {
    const sandboxPolicy = { type: 'dangerFullAccess' } as const;
    expect(await resumeAfter({ sandboxPolicy })).toMatchObject({
      activePermissionProfile: null,
      sandbox: { type: 'workspaceWrite', writableRoots: ['/'], networkAccess: true },
    });
    expect(await resumeAfter({ sandboxPolicy }, { permissions: 'locked' })).toMatchObject({
      activePermissionProfile: { id: 'locked' },
      sandbox: { type: 'workspaceWrite', writableRoots: [] },
      lines: 'line\n',
    });
  });

  it('is its directory, also where the profile is named (0.169)', async () => {
    const cwd = layOutLocked().outside;
    const resumed = await resumeAfter({ cwd }, { permissions: 'locked' });
    expect(resumed).toMatchObject({ cwd, runtimeWorkspaceRoots: [cwd], lines: '' });
  });
});
