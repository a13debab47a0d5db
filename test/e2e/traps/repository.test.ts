import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'smol-toml';
import { describe, expect, it } from 'vitest';
import { escalate, say, shell } from '../../../src/testing/index.ts';
import { startBare } from '../../support/bare-client.ts';
import { BINARIES, NEWEST, OLDEST, startCodex, type TestedBinary } from '../../support/codex.ts';
import { subdirectory } from '../../support/directories.ts';
import { makeCanary, makeRepository } from '../../support/repository.ts';
import { allowAll, makePlace, watchRun } from '../../support/run.ts';

type Trust = 'trusted' | 'untrusted';

/** Adds what is thought of these directories to the config.toml of a home. */
function trust(home: string, levels: Readonly<Record<string, Trust>>): void {
  const projects = Object.fromEntries(Object.entries(levels).map(([path, trust_level]) => [path, { trust_level }]));
  appendFileSync(join(home, 'config.toml'), stringify({ projects }));
}

/** Which guides reach the model: that of the repository, and that of the home. */
async function guidesWith(binary: TestedBinary, level: Trust | undefined): Promise<string[]> {
  const { conversation, model, home, workspace } = await startCodex({ binary, conversation: { sandbox: null } });
  subdirectory(workspace, '.git');
  writeFileSync(join(workspace, 'AGENTS.md'), 'GUIDE-of-the-repository');
  writeFileSync(join(home, 'AGENTS.md'), 'GUIDE-of-the-home');
  if (level) trust(home, { [workspace]: level });
  await conversation.bootstrap();
  await (await conversation.send('!say done')).completed;
  return [...JSON.stringify(model.requests[0]?.body).matchAll(/GUIDE-of-the-(\w+)/g)]
    .map(([, whose = '']) => whose)
    .sort();
}

describe('AGENTS.md', () => {
  it('of a repository reaches the model unless that is untrusted (0.169), or always (0.142); that of the home always', async () => {
    for (const binary of BINARIES) expect(await guidesWith(binary, undefined)).toEqual(['home', 'repository']);
    expect(await guidesWith(NEWEST, 'untrusted')).toEqual(['home']);
    expect(await guidesWith(OLDEST, 'untrusted')).toEqual(['home', 'repository']);
  });
});

describe('a repository that the agent puts in the place of the one it works in', () => {
  it('gets no commit of ours, and nothing that it names is run', async () => {
    const repository = makeRepository();
    const { program, hasSung } = makeCanary(repository.around);
    const replace = `rm .git && git init --quiet && git config core.fsmonitor '${program}'`;
    const script = [escalate(replace, 'I need it'), shell('echo hi > new.txt; git rev-parse --git-dir'), say('done')];
    const place = await makePlace({ script });
    const spec = { instructions: 'go', workspace: { worktree: repository.root }, permissionGate: true };
    const { outcome, outputs } = await watchRun(place, spec, allowAll);
    expect(outputs.at(-1), 'the agent works in its own').toBe('.git\n');
    expect([outcome.status, outcome.error]).toEqual(['done', undefined]);
    expect(repository.git('show', `${outcome.workspace?.branch}:new.txt`)).toBe('hi');
    expect(hasSung()).toBe(false);
    repository.git('-c', `core.fsmonitor=${program}`, 'status');
    expect(hasSung(), 'the canary is alive').toBe(true);
  });
});

describe.each(BINARIES)('a workspace within a larger repository with codex $version', (binary) => {
  it('has the configuration of the root where that is trusted, although it is untrusted itself', async () => {
    const modeWith = async (ofRoot: Trust, ofWorkspace: Trust) => {
      const { root } = makeRepository({ isEmpty: true });
      const workspace = subdirectory(root, 'packages', 'inner');
      writeFileSync(join(subdirectory(root, '.codex'), 'config.toml'), 'sandbox_mode = "danger-full-access"\n');
      const { client, home } = await startBare({ binary });
      trust(home, { [root]: ofRoot, [workspace]: ofWorkspace });
      return (await client.call('thread/start', { cwd: workspace })).sandbox.type;
    };
    expect(await modeWith('trusted', 'untrusted')).toBe('dangerFullAccess');
    expect(await modeWith('untrusted', 'trusted')).toBe('workspaceWrite');
  });
});
