import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { RunEvent } from '../../../src/contract/event.ts';
import type { RunSpec } from '../../../src/contract/run-spec.ts';
import { identify, isRunning } from '../../../src/hosts/processes.ts';
import { openSqliteStore } from '../../../src/store/sqlite.ts';
import { ScriptedModel } from '../../../src/testing/index.ts';
import { type MortalOptions, MortalRun, type ReadRun } from '../../support/mortal-run.ts';
import { until } from '../../support/processes.ts';
import { makeRepository } from '../../support/repository.ts';
import { filesWith } from '../../support/search.ts';

async function makeRun(
  spec: Partial<RunSpec> & { instructions: string },
  options: MortalOptions = {},
): Promise<MortalRun> {
  const model = await ScriptedModel.start();
  onTestFinished(() => model.close());
  const same = { autoStart: true, endRule: 'firstTurn', provider: { baseUrl: model.url }, model: 'scripted' } as const;
  return new MortalRun({ ...same, ...spec }, options);
}

/** The codex of a run, as its worker has written it down. */
async function codexOf(run: MortalRun): Promise<{ pid: number; startTime: number | null; bootId: string }> {
  const [read] = await run.read();
  if (!read) throw new Error('there is no run');
  return (read.record.checkpoint as { codex: { pid: number; startTime: number | null; bootId: string } }).codex;
}

async function killCodex(run: MortalRun): Promise<void> {
  const codex = await codexOf(run);
  expect(isRunning(codex), 'codex outlives its worker').toBe(true);
  process.kill(codex.pid, 'SIGKILL');
}

async function readOne(run: MortalRun): Promise<ReadRun> {
  const [read] = await run.read();
  if (!read) throw new Error('there is no run');
  expect(run.leftovers(read.record.id)).toBe(0);
  return read;
}

const typesOf = (events: readonly RunEvent[]) => events.map(({ type }) => type);
const of = (events: readonly RunEvent[], type: RunEvent['type']) => events.filter((event) => event.type === type);

/** A command that goes on until it is told otherwise. */
const HELD = 'until [ -e go ]; do sleep 0.05; done';
/** The worker dies as soon as its run has come there. */
const AT_COMMAND = { event: 'item.started' } as const;

describe('when the worker and codex have died', () => {
  it('a run for one turn has failed, the turn was cut, and its reader is told', async () => {
    const run = await makeRun({ instructions: '!run echo half >> out.txt; sleep 600\n!say never' });
    await run.work(AT_COMMAND);
    await killCodex(run);
    await run.work();
    const { record, events } = await readOne(run);
    expect(record).toMatchObject({ state: 'failed', outcome: { error: { code: 'codex-exited' } } });
    expect(of(events, 'turn.ended')).toMatchObject([{ status: 'interrupted' }]);
    expect(typesOf(events)).toContain('session.ended');
    expect(of(events, 'session.started')).toMatchObject([{ isResumed: false }, { isResumed: true }]);
  });

  it('a run that takes messages goes on with the thread in a new process', async () => {
    const run = await makeRun(
      { instructions: '!say first\n!run sleep 600', endRule: 'told' },
      { messages: ['!say second'] },
    );
    await run.work(AT_COMMAND);
    await killCodex(run);
    await run.work();
    const { record, events } = await readOne(run);
    expect(record).toMatchObject({ state: 'done', outcome: { text: 'second' } });
    expect(of(events, 'turn.ended')).toMatchObject([{ status: 'interrupted' }, { status: 'completed' }]);
  });

  it('a request that was open is closed, and needs no answer any more', async () => {
    const run = await makeRun({ instructions: '!escalate echo never >> out.txt\n!say never', permissionGate: true });
    await run.work({ event: 'request.opened' });
    await killCodex(run);
    await run.work(undefined, { isSilent: true });
    const { record, events } = await readOne(run);
    expect(record).toMatchObject({ state: 'failed', outcome: { error: { code: 'codex-exited' } } });
    expect(of(events, 'request.closed')).toMatchObject([{ reason: 'sessionEnded' }]);
    expect(of(events, 'request.answered')).toEqual([]);
    await using store = await openSqliteStore(run.directory);
    expect(await store.requests.open()).toEqual([]);
  });

  it('a message that codex never stored is sent again, once', async () => {
    const run = await makeRun({ instructions: '!say hello' });
    await run.work({ event: 'session.started' });
    await killCodex(run);
    await run.work();
    const { record, events } = await readOne(run);
    expect(record).toMatchObject({ state: 'done', outcome: { text: 'hello' } });
    expect(of(events, 'message.sent')).toHaveLength(1);
    expect(of(events, 'turn.started')).toHaveLength(1);
  });

  it('it is the same after a reboot: who has the pid by now is not taken over, and not touched', async () => {
    const run = await makeRun({ instructions: '!run sleep 600', endRule: 'told' }, { messages: ['!say hello'] });
    await run.work(AT_COMMAND);
    await killCodex(run);
    const stranger = spawn('sleep', ['600'], { stdio: 'ignore' });
    onTestFinished(() => void stranger.kill('SIGKILL'));
    const identity = identify(stranger.pid ?? 0);
    await rewriteCheckpoint(run, { codex: { ...identity, bootId: 'before the reboot' } });
    await run.work();
    const { record, events } = await readOne(run);
    expect(record).toMatchObject({ state: 'done', outcome: { text: 'hello' } });
    expect(of(events, 'session.started')).toMatchObject([{ isResumed: false }, { isResumed: true }]);
    expect(isRunning(identity)).toBe(true);
  });

  it('it is the same when that is one that a worker of before the reboot would have known', async () => {
    const run = await makeRun({ instructions: '!say hello' });
    await run.work({ event: 'session.started' });
    const codex = await codexOf(run);
    await rewriteCheckpoint(run, { codex: { ...codex, bootId: 'before the reboot' } });
    await run.work();
    expect(await readOne(run)).toMatchObject({ record: { state: 'done', outcome: { text: 'hello' } } });
    expect(isRunning(codex), 'it has the mark of the run').toBe(false);
  });
});

describe('when only the worker has died', () => {
  it('a turn that ended while nobody was there has its answer, and its run is done', async () => {
    const run = await makeRun({ instructions: `!say I begin\n!run ${HELD}\n!say done` });
    await run.work(AT_COMMAND);
    const codex = await codexOf(run);
    writeFileSync(join(run.workspace, 'go'), '');
    const [left] = await run.read();
    const sessions = join(run.directory, 'runs', left?.record.id ?? '', 'codex', 'sessions');
    await until(() => filesWith(sessions, '"task_complete"').length > 0, 'the end of the turn');
    await run.work();
    const { record, events } = await readOne(run);
    expect(record).toMatchObject({ state: 'done', outcome: { text: 'done', turns: 1 } });
    expect(of(events, 'session.reconnected')).toHaveLength(1);
    expect(isRunning(codex)).toBe(false);
  });

  it('an approval that waited is asked once, and its answer reaches codex', async () => {
    const run = await makeRun({ instructions: '!escalate echo yes >> out.txt\n!say done', permissionGate: true });
    await run.work({ event: 'request.opened' });
    await run.work();
    const { record, events } = await readOne(run);
    expect(record).toMatchObject({ state: 'done', outcome: { text: 'done' } });
    expect(of(events, 'request.opened')).toHaveLength(1);
    expect(of(events, 'request.answered')).toHaveLength(1);
    expect(run.file('out.txt')).toBe('yes\n');
  });

  it('an answer that was given while nobody was there is told once, though the next worker dies before codex has it', async () => {
    const run = await makeRun({ instructions: '!escalate echo yes >> out.txt\n!say done', permissionGate: true });
    await run.work({ event: 'request.opened' });
    await allowWhileAway(run);
    await run.work({ event: 'request.answered' });
    await run.work();
    const { record, events } = await readOne(run);
    expect(record).toMatchObject({ state: 'done', outcome: { text: 'done' } });
    expect(of(events, 'request.answered')).toMatchObject([{ by: 'ada' }]);
    expect(run.file('out.txt')).toBe('yes\n');
  });

  it('what was decided before stays so: a run that was cancelled ends as cancelled', async () => {
    const run = await makeRun({ instructions: '!run sleep 600' });
    await run.work({ event: 'run.state cancelling' }, { cancelsAt: 'item.started' });
    await run.work();
    const { record, events } = await readOne(run);
    expect(record).toMatchObject({ state: 'cancelled' });
    expect(typesOf(events).at(-1)).toBe('run.ended');
  });
});

describe('the work in a worktree is kept on its branch', () => {
  it('when the worker has died after the session and before it was committed', async () => {
    const { root: repository, git } = makeRepository();
    const run = await makeRun({ instructions: '!run echo half > half.txt\n!say done' }, { repository });
    await run.work({ event: 'session.ended' });
    await run.work();
    const { record } = await readOne(run);
    const { branch = '' } = record.outcome?.workspace ?? {};
    expect(record.outcome).toMatchObject({ status: 'done', workspace: { changes: [{ path: 'half.txt' }] } });
    expect(git('show', `${branch}:half.txt`)).toBe('half');
  });

  it('when the worker has died that was to cancel it', async () => {
    const { root: repository, git } = makeRepository();
    const instructions = '!run echo half > half.txt\n!escalate sleep 600';
    const run = await makeRun({ instructions, permissionGate: true }, { repository });
    await run.work({ event: 'run.state cancelling' }, { cancelsAt: 'request.opened' });
    await run.work();
    const { record } = await readOne(run);
    const { branch = '' } = record.outcome?.workspace ?? {};
    expect(record.outcome).toMatchObject({ status: 'cancelled', workspace: { changes: [{ path: 'half.txt' }] } });
    expect(git('show', `${branch}:half.txt`)).toBe('half');
  });
});

it('twenty runs at once, of three turns and an approval each, end right although their worker dies in the middle', {
  timeout: 300_000,
}, async () => {
  const run = await makeRun(
    { instructions: '!run echo one\n!say first', endRule: 'told', permissionGate: true },
    { runs: 20, messages: ['!escalate echo two\n!say second', '!say third'] },
  );
  await run.work({ event: 'request.answered' });
  await run.work();
  expect(run.kills).toBe(1);
  const runs = await run.read();
  expect(runs).toHaveLength(20);
  for (const { record, events } of runs) {
    expect.soft(record, record.id).toMatchObject({ state: 'done', outcome: { text: 'third', turns: 3 } });
    expect.soft(of(events, 'turn.ended')).toHaveLength(3);
    expect.soft(of(events, 'request.answered')).toHaveLength(1);
    expect.soft(of(events, 'message.sent')).toHaveLength(3);
    expect.soft(run.leftovers(record.id)).toBe(0);
  }
});

async function allowWhileAway(run: MortalRun): Promise<void> {
  await using store = await openSqliteStore(run.directory);
  const [open] = await store.requests.open();
  if (!open) throw new Error('nothing was asked');
  const given = { answer: { kind: 'decision', behavior: 'allow' }, by: 'ada' } as const;
  await store.requests.answer(open.runId, open.request.id, given);
}

/** Writes something else into what the dead worker has written down. */
async function rewriteCheckpoint(run: MortalRun, more: object): Promise<void> {
  const [read] = await run.read();
  if (!read) throw new Error('there is no run');
  await using store = await openSqliteStore(run.directory);
  const { id, claim, checkpoint } = read.record;
  await store.journal.append({
    runId: id,
    claim,
    events: [],
    change: { checkpoint: { ...(checkpoint as object), ...more } },
  });
}
