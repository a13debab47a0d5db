import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Optio } from '../../../src/optio.ts';
import { pause, run, say } from '../../../src/testing/index.ts';
import { skipFor, UNSHARE, whyNoMounts } from '../../support/privileges.ts';
import { countMarked, until } from '../../support/processes.ts';
import { makeRepository } from '../../support/repository.ts';
import { makePlace, markOf, type RunPlace, watchRun } from '../../support/run.ts';
import { type DiesAt, leaveBehind } from '../../support/worker.ts';

/** What is private to the runs of a place. */
function privateOf({ dataDir }: RunPlace): string[] {
  return ['runs', 'locks'].flatMap((name) => readdirSync(join(dataDir, name)));
}

describe('what a killed process leaves behind', () => {
  it.each<readonly [when: string, diesAt: DiesAt, instructions: string]>([
    ['before its first turn', 'session.started', '!hang'],
    ['while the model thinks', 'message.taken', '!hang'],
    ['while an approval waits', 'request.opened', '!escalate touch /x'],
  ])('is swept by the next start when it was killed %s', async (_when, diesAt, instructions) => {
    const place = await makePlace();
    const runId = await leaveBehind(place, { instructions, permissionGate: true }, diesAt);
    expect(countMarked(markOf(place, runId)), 'codex lives on').toBeGreaterThan(0);
    await using _again = await Optio.open({ dataDir: place.dataDir, env: { HOME: place.home } });
    expect(countMarked(markOf(place, runId))).toBe(0);
    expect(readdirSync(join(place.dataDir, 'runs'))).toEqual([]);
    expect(readdirSync(join(`${place.dataDir}-workspaces`, '.homes'))).toEqual([]);
  });

  it('is swept with all that its commands have started, whatever session they put themselves into', async ({
    skip,
  }) => {
    // Within a sandbox they would end with codex by themselves.
    skipFor(whyNoMounts, skip);
    const place = await makePlace();
    const instructions = '!run sleep 401 & setsid sleep 402 & (setsid sh -c "sleep 403" &) ; sleep 404';
    const spec = { instructions, sandbox: 'danger-full-access' } as const;
    const runId = await leaveBehind(place, spec, 'item.started command', UNSHARE);
    const mark = markOf(place, runId);
    await until(() => countMarked(mark) >= 5, 'the commands');
    await using _again = await Optio.open({ dataDir: place.dataDir, env: { HOME: place.home } });
    expect(countMarked(mark)).toBe(0);
  });

  it('keeps the work: a directory as it is, and a worktree with the branch that it is on', async () => {
    const place = await makePlace();
    const repository = makeRepository();
    const spec = { instructions: '!run echo half > half.txt\n!hang', workspace: { worktree: repository.root } };
    const runId = await leaveBehind(place, spec, 'item.completed command');
    await using _again = await Optio.open({ dataDir: place.dataDir, env: { HOME: place.home } });
    const worktree = join(`${place.dataDir}-workspaces`, runId);
    expect(readFileSync(join(worktree, 'half.txt'), 'utf8')).toBe('half\n');
    expect(repository.git('-C', worktree, 'branch', '--show-current')).toBe(`optio-codex/${runId}`);
    expect(repository.git('-C', worktree, 'status', '--porcelain')).toBe('?? half.txt');
  });

  it('does not stop the next run in the same directory', async () => {
    const place = await makePlace();
    const runId = await leaveBehind(place, { instructions: '!hang' }, 'message.taken');
    await using optio = await Optio.open({ dataDir: place.dataDir, env: { HOME: place.home } });
    const next = await watchRun({ ...place, optio }, { instructions: '!say on we go' });
    expect(next.outcome).toMatchObject({ status: 'done', text: 'on we go' });
    expect(next.handle.id).not.toBe(runId);
    expect(privateOf(place)).toEqual([]);
  });

  it('is left alone while the process lives', async () => {
    const looked = Promise.withResolvers<void>();
    const place = await makePlace({ script: [run('echo hi'), pause(looked.promise), say('done')] });
    let during = 0;
    const countBesideAnother = async (runId: string) => {
      await using _other = await Optio.open({ dataDir: place.dataDir, env: { HOME: place.home } });
      during = countMarked(markOf(place, runId));
    };
    const { handle, outcome } = await watchRun(place, { instructions: 'Go.' }, (event, { id }) => {
      if (event.type !== 'item.completed' || event.item.kind !== 'command') return;
      countBesideAnother(id).then(looked.resolve, looked.reject);
    });
    expect(outcome).toMatchObject({ status: 'done', text: 'done' });
    expect(during).toBeGreaterThan(0);
    expect(existsSync(join(place.dataDir, 'runs', handle.id))).toBe(false);
  });
});
