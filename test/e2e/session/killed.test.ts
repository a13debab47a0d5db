import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../src/contract/event.ts';
import { Optio } from '../../../src/optio.ts';
import { skipFor, UNSHARE, whyNoMounts } from '../../support/privileges.ts';
import { countMarked, until } from '../../support/processes.ts';
import { makePlace, markOf, type RunPlace, watchRun } from '../../support/run.ts';
import { type DiesAt, leaveBehind } from '../../support/worker.ts';

/** Opens the place anew, as the next process would. */
function openAgain({ dataDir, home }: RunPlace): Promise<Optio> {
  return Optio.open({ dataDir, env: { PATH: process.env.PATH, HOME: home } });
}

/** What is private to the runs of a place. */
function privateOf({ dataDir }: RunPlace): string[] {
  return [...readdirSync(join(dataDir, 'runs')), ...readdirSync(join(`${dataDir}-workspaces`, '.homes'))];
}

/** A command that goes on until there is this file. */
const HELD = 'until [ -e go ]; do sleep 0.05; done';
const letGo = ({ workspace }: RunPlace) => writeFileSync(join(workspace, 'go'), '');

describe('a run whose process was killed', () => {
  it.each<readonly [when: string, diesAt: DiesAt, instructions: string]>([
    ['before its first turn', 'session.started', '!say on we go'],
    ['while a command runs', 'item.started command', `!run ${HELD}\n!say on we go`],
    ['while an approval waits', 'request.opened', '!escalate touch /x\n!say on we go'],
  ])('%s goes on in the next one, to its end', async (_when, diesAt, instructions) => {
    const place = await makePlace();
    const runId = await leaveBehind(place, { instructions, permissionGate: true }, diesAt);
    expect(countMarked(markOf(place, runId)), 'codex lives on').toBeGreaterThan(0);
    await using optio = await openAgain(place);
    letGo(place);
    const run = await optio.find(runId);
    for (const { request } of await optio.requests(runId))
      await run.answer(request.id, { kind: 'decision', behavior: 'deny' });
    const events: RunEvent[] = [];
    for await (const event of run.events()) events.push(event);
    await expect(run.outcome).resolves.toMatchObject({ status: 'done', text: 'on we go', turns: 1 });
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
    expect(events.filter(({ type }) => type === 'turn.started')).toHaveLength(1);
    expect(countMarked(markOf(place, runId))).toBe(0);
    expect(privateOf(place)).toEqual([]);
  });

  it('is stopped by the next one with all that its commands have started, whatever session they put themselves into', async ({
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
    await using optio = await openAgain(place);
    const run = await optio.find(runId);
    await run.cancel('enough');
    await expect(run.outcome).resolves.toMatchObject({ status: 'cancelled' });
    expect(countMarked(mark)).toBe(0);
    expect(privateOf(place)).toEqual([]);
  });

  it('has its directory until it has ended', async () => {
    const place = await makePlace();
    const runId = await leaveBehind(place, { instructions: '!hang' }, 'message.taken');
    await using optio = await openAgain(place);
    const refused = await watchRun({ ...place, optio }, { instructions: '!say never' });
    expect(refused.outcome.error).toMatchObject({
      code: 'workspace-busy',
      message: expect.stringContaining(`the run ${runId} works in this directory`),
    });
    const run = await optio.find(runId);
    await run.cancel('enough');
    await run.outcome;
    const next = await watchRun({ ...place, optio }, { instructions: '!say on we go' });
    expect(next.outcome).toMatchObject({ status: 'done', text: 'on we go' });
  });

  it('is left as it is by one that is closed so, for a third one to go on with', async () => {
    const place = await makePlace();
    const runId = await leaveBehind(place, { instructions: `!run ${HELD}\n!say on we go` }, 'item.started command');
    const second = await openAgain(place);
    const left = (await second.find(runId)).outcome;
    await second.close({ leave: true });
    await expect(left).rejects.toMatchObject({ code: 'aborted' });
    expect(countMarked(markOf(place, runId))).toBeGreaterThan(0);
    letGo(place);
    await using third = await openAgain(place);
    await expect((await third.find(runId)).outcome).resolves.toMatchObject({ status: 'done', turns: 1 });
  });
});

describe('what is left of a run that has ended', () => {
  it('is swept by the next process, with its processes', async () => {
    const place = await makePlace();
    const { handle } = await watchRun(place, { instructions: '!say done' });
    await place.optio.close();
    const directory = join(place.dataDir, 'runs', handle.id);
    mkdirSync(join(directory, 'codex'), { recursive: true });
    const { name, value } = markOf(place, handle.id);
    const left = spawn('sleep', ['405'], { env: { PATH: process.env.PATH, [name]: value } });
    const exit = once(left, 'exit');
    await using _optio = await openAgain(place);
    expect(await exit).toEqual([null, 'SIGKILL']);
    expect(existsSync(directory)).toBe(false);
  });
});
