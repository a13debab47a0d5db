import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { RunEvent, RunEventOf, RunEventType } from '../../../src/contract/event.ts';
import { applyEvent } from '../../../src/contract/reducer.ts';
import { createRunView } from '../../../src/contract/view.ts';
import { GO_ON } from '../../../src/session/own-messages.ts';
import {
  addFile,
  fail,
  hang,
  httpError,
  type ModelRequest,
  type ModelScript,
  ScriptedModel,
  say,
  shell,
} from '../../../src/testing/index.ts';
import { openCodexEngine } from '../../support/codex-engine.ts';
import { subdirectory, testDirectory } from '../../support/directories.ts';
import { type Death, MortalRun } from '../../support/mortal-run.ts';
import { makeRepository } from '../../support/repository.ts';

const TWICE = { attempts: 2, backoffMs: 1 };
const of = <T extends RunEventType>(events: readonly RunEvent[], type: T) =>
  events.filter((event): event is RunEventOf<T> => event.type === type);
const sent = (events: readonly RunEvent[]) => of(events, 'message.sent').map(({ text }) => text);
const isScheduled = (event: RunEvent) => event.type === 'run.state' && event.state === 'scheduled';
const refused = httpError(400, { error: { message: 'not today' } });

/** The task is begun, and the model fails; asked to go on, it writes another file. */
const failing: ModelScript = ({ userText, outputs }: ModelRequest) => {
  if (userText === GO_ON) return outputs.length === 0 ? [addFile('second.txt', 'two')] : [say('all done')];
  return outputs.length === 0 ? [addFile('first.txt', 'one')] : [refused];
};

describe('an attempt after one that has failed', () => {
  it('goes on in the thread and the worktree of that one, and the work of both is one commit', async () => {
    const { root, git } = makeRepository();
    const { launch, model } = await openCodexEngine({ script: failing });
    const codexRun = await launch({ instructions: 'Write both files.', workspace: { worktree: root } }, TWICE);
    const events = await codexRun.events();
    const outcome = await codexRun.outcome;
    expect(outcome).toMatchObject({ status: 'done', text: 'all done' });
    expect(outcome.workspace?.changes.map(({ path }) => path).sort()).toEqual(['first.txt', 'second.txt']);
    const { branch = '' } = outcome.workspace ?? {};
    expect([git('show', `${branch}:first.txt`), git('show', `${branch}:second.txt`)]).toEqual(['one', 'two']);
    expect(git('rev-list', '--count', `main..${branch}`)).toBe('1');
    const [first, second] = of(events, 'session.started');
    expect([first?.isResumed, second?.isResumed]).toEqual([false, true]);
    expect(second?.threadId).toBe(first?.threadId);
    expect(of(events, 'turn.ended').map(({ status }) => status)).toEqual(['failed', 'completed']);
    expect(sent(events)).toEqual(['Write both files.', GO_ON]);
    expect(of(events, 'message.taken')).toHaveLength(2);
    const asked = JSON.stringify(model.requests.at(-1)?.body.input);
    expect(asked).toContain('Write both files.'); // the model has the whole story
    expect(codexRun.leftovers()).toBe(0);
  });

  it('marks the turn that was cut when codex has died, and goes on with it', async () => {
    const { launch } = await openCodexEngine({
      script: ({ userText, outputs }) => {
        if (userText === GO_ON) return [say('went on')];
        return outputs.length === 0 ? [addFile('half.txt', 'half')] : [hang()];
      },
    });
    const codexRun = await launch({ instructions: 'Begin.' }, TWICE);
    const events = await codexRun.events(async (event) => {
      if (event.type === 'item.completed' && event.item.kind === 'fileChange') {
        process.kill((await codexRun.codex()).pid, 'SIGKILL');
      }
    });
    const outcome = await codexRun.outcome;
    expect(outcome).toMatchObject({ status: 'done', text: 'went on', workspace: { changes: [{ path: 'half.txt' }] } });
    expect(sent(events)).toEqual(['Begin.', GO_ON]);
    const { turns, turnOrder } = events.reduce(applyEvent, createRunView());
    expect(turnOrder.map((id) => turns[id]?.status)).toEqual(['interrupted', 'completed']);
    expect(of(events, 'session.started').map(({ isResumed }) => isResumed)).toEqual([false, true]);
    expect(codexRun.leftovers()).toBe(0);
  });

  it('sends no message of the user twice, and loses none, when codex dies before it was seen to have it', async () => {
    let isDead = false;
    const { launch } = await openCodexEngine({ script: () => [isDead ? say('here') : hang()] });
    const codexRun = await launch({ instructions: 'Only once.' }, TWICE);
    const events = await codexRun.events(async (event) => {
      if (event.type !== 'session.started' || isDead) return;
      isDead = true;
      process.kill((await codexRun.codex()).pid, 'SIGKILL');
    });
    expect(await codexRun.outcome).toMatchObject({ status: 'done', text: 'here' });
    expect(sent(events).filter((text) => text === 'Only once.')).toHaveLength(1);
    expect(of(events, 'message.refused')).toEqual([]);
    expect(codexRun.leftovers()).toBe(0);
  });

  it('gives the task to a new thread when nothing more fits into the old one, in the same workspace', async () => {
    let full = '';
    const { launch } = await openCodexEngine({
      script: ({ threadId, outputs }) => {
        full ||= threadId;
        if (threadId !== full) return outputs.length === 0 ? [shell('cat first.txt')] : [say(outputs[0] ?? '')];
        return [outputs.length === 0 ? addFile('first.txt', 'one') : fail('context_length_exceeded', 'too long')];
      },
    });
    const codexRun = await launch({ instructions: 'Read it.' }, TWICE);
    const events = await codexRun.events();
    const outcome = await codexRun.outcome;
    expect(outcome).toMatchObject({ status: 'done', workspace: { changes: [{ path: 'first.txt' }] } });
    expect(outcome.text).toContain('one');
    expect(sent(events)).toEqual(['Read it.', 'Read it.']);
    expect(
      of(events, 'notice')
        .map(({ message }) => message)
        .join(),
    ).toContain('a new one has begun');
    expect(new Set(of(events, 'session.started').map(({ threadId }) => threadId)).size).toBe(2);
  });

  it('begins a new thread when the old one cannot be found', async () => {
    const { launch, data } = await openCodexEngine({ script: failing });
    const codexRun = await launch({ instructions: 'Write both files.' }, { attempts: 3, backoffMs: 1 });
    let isGone = false;
    const events = await codexRun.events((event) => {
      if (!isScheduled(event) || isGone) return;
      isGone = true;
      rmSync(join(data, 'runs', codexRun.id, 'codex', 'sessions'), { recursive: true });
    });
    // The new thread begins with the task, which fails as it did at first; the third attempt goes on with that.
    expect(await codexRun.outcome).toMatchObject({ status: 'done', text: 'all done' });
    expect(sent(events)).toEqual(['Write both files.', 'Write both files.', GO_ON]);
    expect(of(events, 'session.started').map(({ isResumed }) => isResumed)).toEqual([false, false, true]);
  });

  it('begins everything anew when the workspace is gone', async () => {
    let [isGone, path] = [false, ''];
    const { launch } = await openCodexEngine({ script: () => (isGone ? [say('anew')] : [refused]) });
    const codexRun = await launch({ instructions: 'Go.', workspace: { fresh: true, files: { 'a.txt': 'a' } } }, TWICE);
    const events = await codexRun.events((event) => {
      const [started] = of([event], 'session.started');
      if (started && !isGone) path = started.workspace.path;
      if (!isScheduled(event)) return;
      isGone = true;
      rmSync(path, { recursive: true });
    });
    expect(await codexRun.outcome).toMatchObject({ status: 'done', text: 'anew' });
    expect(readFileSync(join(path, 'a.txt'), 'utf8')).toBe('a');
    expect(sent(events)).toEqual(['Go.', 'Go.']);
    expect(codexRun.leftovers()).toBe(0);
  });
});

describe('what an attempt has kept', () => {
  it('is settled when the last one has failed, too', async () => {
    const { root, git } = makeRepository();
    const { launch } = await openCodexEngine({
      script: ({ outputs }) => [outputs.length === 0 ? shell('echo more >> all.txt') : refused],
    });
    const codexRun = await launch({ instructions: 'Go.', workspace: { worktree: root } }, TWICE);
    await codexRun.events();
    const outcome = await codexRun.outcome;
    expect(outcome).toMatchObject({ status: 'failed', error: { code: 'turn-failed' } });
    expect(git('show', `${outcome.workspace?.branch}:all.txt`)).toBe('more\nmore');
    expect(codexRun.leftovers()).toBe(0);
  });

  it('is settled when the run is cancelled while it waits for the next one', async () => {
    const { root, git } = makeRepository();
    const { launch, engine } = await openCodexEngine({ script: failing });
    const hours = { attempts: 2, backoffMs: 3_600_000, maxBackoffMs: 3_600_000 };
    const codexRun = await launch({ instructions: 'Go.', workspace: { worktree: root } }, hours);
    await codexRun.events((event) => isScheduled(event) && void engine.controls.cancel(codexRun.id, 'enough'));
    const outcome = await codexRun.outcome;
    expect(outcome).toMatchObject({ status: 'cancelled', workspace: { changes: [{ path: 'first.txt' }] } });
    expect(git('show', `${outcome.workspace?.branch}:first.txt`)).toBe('one');
    expect(codexRun.leftovers()).toBe(0);
  });

  it('is settled when the order to stop comes at the moment at which an attempt has failed', async () => {
    const { root, git } = makeRepository();
    const { launch, engine } = await openCodexEngine({ script: failing });
    const codexRun = await launch({ instructions: 'Go.', workspace: { worktree: root } }, TWICE);
    // Of this session nothing runs any more, and the engine has not heard of its end.
    await codexRun.events(
      (event) => event.type === 'session.ended' && void engine.controls.cancel(codexRun.id, 'enough'),
    );
    const outcome = await codexRun.outcome;
    expect(outcome.status).not.toBe('done');
    expect(git('show', `${outcome.workspace?.branch}:first.txt`)).toBe('one');
    expect(codexRun.leftovers()).toBe(0);
  });

  it('keeps its directory for the run: no other one works there meanwhile', async () => {
    const { launch, engine } = await openCodexEngine({ script: failing });
    const directory = subdirectory(testDirectory('workspace'), 'shared');
    const hours = { attempts: 2, backoffMs: 3_600_000, maxBackoffMs: 3_600_000 };
    const first = await launch({ instructions: 'Go.', workspace: { directory } }, hours);
    let isTried = false;
    await first.events(async (event) => {
      if (!isScheduled(event) || isTried) return;
      isTried = true;
      const second = await launch({ instructions: 'Me, too.', workspace: { directory } });
      expect(await second.outcome).toMatchObject({ status: 'failed', error: { code: 'workspace-busy' } });
      await engine.controls.cancel(first.id, 'enough');
    });
    expect(await first.outcome).toMatchObject({ status: 'cancelled' });
    expect(first.leftovers()).toBe(0);
  });
});

describe('when our process dies', () => {
  const instructions = '!run echo one >> out.txt\n!http 400 not today';

  async function mortal(): Promise<MortalRun> {
    const model = await ScriptedModel.start();
    onTestFinished(() => model.close());
    const same = {
      autoStart: true,
      endRule: 'firstTurn',
      provider: { baseUrl: model.url },
      model: 'scripted',
    } as const;
    return new MortalRun({ ...same, instructions }, { retry: TWICE });
  }

  it.each<readonly [string, readonly Death[]]>([
    ['between the attempts', [{ event: 'run.state scheduled' }]],
    [
      'before the first attempt is tidied up, and before the second has its thread',
      [{ event: 'turn.ended' }, { event: 'run.state scheduled' }, { event: 'session.started' }],
    ],
    [
      'before Codex is asked to go on, and before it has gone on',
      [{ event: 'run.state scheduled' }, { event: 'message.sent' }, { event: 'turn.started' }],
    ],
  ])('%s, the second one goes on all the same, and asks once', async (_, deaths) => {
    const mortalRun = await mortal();
    for (const death of deaths) await mortalRun.work(death);
    await mortalRun.work();
    expect(mortalRun.kills).toBe(deaths.length);
    const [read] = await mortalRun.read();
    expect(read?.record).toMatchObject({ state: 'done', attempt: 2 });
    expect(sent(read?.events ?? [])).toEqual([instructions, GO_ON]);
    expect(of(read?.events ?? [], 'message.taken')).toHaveLength(2);
    expect(mortalRun.file('out.txt')).toBe('one\n');
    expect(mortalRun.leftovers(read?.record.id ?? '')).toBe(0);
  });
});
