import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../src/contract/event.ts';
import { applyEvent } from '../../../src/contract/reducer.ts';
import { createRunView } from '../../../src/contract/view.ts';
import { escalate, say } from '../../../src/testing/index.ts';
import { NEWEST, OLDEST } from '../../support/codex.ts';
import { failureOf } from '../../support/failure.ts';
import { codexOf } from '../../support/processes.ts';
import { allowAll, makePlace, markOf, startRun, watchRun } from '../../support/run.ts';

describe('a managed run', () => {
  it('tells its whole life in its journal, numbered from 1 without a gap', async () => {
    const place = await makePlace();
    const { events, of, outcome } = await watchRun(place, {
      instructions: '!think hm\n!say hello\n!write new.txt hi\n!say done',
    });
    expect(events.map((event) => event.seq)).toEqual(events.map((_, index) => index + 1));
    expect(of('run.state').map(({ state }) => state)).toEqual(['starting', 'running']);
    expect(of('session.started')).toMatchObject([
      {
        codexVersion: NEWEST.version,
        model: 'scripted',
        isResumed: false,
        sandbox: { mode: 'workspace-write', network: false, profile: 'locked' },
      },
    ]);
    const [sent] = of('message.sent');
    expect(of('message.accepted')).toMatchObject([{ messageId: sent?.messageId }]);
    expect(of('message.taken')).toMatchObject([{ messageId: sent?.messageId }]);
    expect(outcome).toMatchObject({
      status: 'done',
      text: 'done',
      turns: 1,
      usage: { total: 300 },
      workspace: { kind: 'directory', changes: [{ path: 'new.txt', change: 'added' }] },
    });
    expect(events.at(-1)).toMatchObject({ type: 'run.ended', outcome: { status: 'done' } });
  });

  it('leaves an image of itself that the reducer makes of the journal alone', async () => {
    const place = await makePlace();
    const { events } = await watchRun(place, { instructions: '!plan x look | do\n!run echo out\n!say done' });
    const view = events.reduce(applyEvent, createRunView());
    expect(view.state).toBe('done');
    expect(view.plan).toEqual(
      [
        { step: 'look', status: 'completed' },
        { step: 'do', status: 'pending' },
      ].map((step) => expect.objectContaining({ status: step.status })),
    );
    const turn = view.turns[view.turnOrder[0] ?? ''];
    expect(turn?.itemOrder.map((id) => turn.items[id]?.item.kind)).toEqual(['userMessage', 'command', 'agentMessage']);
    expect(Object.values(turn?.items ?? {}).every((item) => !item.isOpen)).toBe(true);
  });

  it('has a line of 200 kB that a command puts out in its journal, whole (C16)', async () => {
    const place = await makePlace();
    const { outputs, outcome } = await watchRun(place, {
      instructions: "!run printf begin; head -c 200000 /dev/zero | tr '\\0' x; echo end\n!say done",
    });
    expect(outcome.status).toBe('done');
    expect(outputs).toHaveLength(1);
    expect(outputs[0] === `begin${'x'.repeat(200_000)}end\n`, `${outputs[0]?.length} characters`).toBe(true);
  });

  it('leaves nothing of its private directories, and keeps a fresh workspace', async () => {
    const place = await makePlace();
    const { outcome } = await watchRun(place, {
      instructions: '!run mkdir -p $HOME/.cache/x && touch $HOME/.cache/x/y && echo made > made.txt\n!say done',
      workspace: { fresh: true, files: { 'README.md': '# here\n' } },
    });
    expect(outcome.workspace).toMatchObject({ kind: 'fresh', changes: [{ path: 'made.txt', change: 'added' }] });
    expect(readdirSync(outcome.workspace?.path ?? '').sort()).toEqual(['README.md', 'made.txt']);
    expect(readdirSync(join(place.dataDir, 'runs'))).toEqual([]);
    expect(readdirSync(join(`${place.dataDir}-workspaces`, '.homes'))).toEqual([]);
  });

  it('takes AGENTS.md along, from the root of the repository down to the workspace', async () => {
    const place = await makePlace();
    const inner = join(place.workspace, 'packages', 'a');
    mkdirSync(inner, { recursive: true });
    mkdirSync(join(place.workspace, '.git'));
    writeFileSync(join(place.workspace, 'AGENTS.md'), 'Root guide: use tabs.');
    writeFileSync(join(inner, 'AGENTS.md'), 'Inner guide: use spaces.');
    await watchRun(place, { instructions: '!say done', workspace: { directory: inner } });
    const request = JSON.stringify(place.model.requests[0]?.body);
    expect(request).toContain('Root guide: use tabs.');
    expect(request).toContain('Inner guide: use spaces.');
    expect(request.indexOf('Root guide')).toBeLessThan(request.indexOf('Inner guide'));
  });

  it('is told what the launch gave where its instructions name that', async () => {
    const place = await makePlace({ script: ({ userText }) => [say(`I was told: ${userText}`)] });
    const spec = { workspace: { fresh: true }, provider: { baseUrl: place.model.url }, model: 'scripted' } as const;
    const handle = await place.optio.run({ ...spec, instructions: 'Greet {{whom}}' }, { params: { whom: 'Ada' } });
    expect(await handle.outcome).toMatchObject({ status: 'done', text: 'I was told: Greet Ada' });
  });

  it('sends the task ahead of every message when it does not start by itself', async () => {
    const place = await makePlace();
    const handle = await startRun(place, { instructions: 'Always be brief.', autoStart: false, endRule: 'told' });
    const states: string[] = [];
    for await (const event of handle.events()) {
      if (event.type === 'run.state') states.push(event.state);
      if (event.type === 'run.state' && event.state === 'running') await handle.send('!say first');
      if (event.type === 'turn.ended') {
        if (place.model.requests.length === 1) await handle.send('!say second');
        else await handle.finish();
      }
    }
    await expect(handle.outcome).resolves.toMatchObject({ status: 'done', text: 'second', turns: 2 });
    expect(JSON.stringify(place.model.requests[1]?.body)).toContain('Always be brief.');
  });

  it('answers what is asked once, writes both down, and lets the first answer hold', async () => {
    const place = await makePlace({ script: [escalate('touch made'), say('done')] });
    const { of, outcome } = await watchRun(
      place,
      { instructions: 'go', permissionGate: true },
      async (event, handle) => {
        if (event.type !== 'request.opened') return;
        await handle.answer(event.request.id, { kind: 'decision', behavior: 'allow' });
        const second = handle.answer(event.request.id, { kind: 'decision', behavior: 'deny' });
        await expect(second).rejects.toMatchObject({ code: 'not-found' });
      },
    );
    expect(of('request.opened')).toMatchObject([
      { request: { kind: 'command', command: 'touch made', sandboxed: 'no' } },
    ]);
    expect(of('request.answered')).toMatchObject([{ answer: { behavior: 'allow' }, by: 'caller' }]);
    expect([outcome.status, outcome.error]).toEqual(['done', undefined]);
    expect(existsSync(join(place.workspace, 'made'))).toBe(true);
  });

  it('goes on after an interrupted turn, and ends with the next one', async () => {
    const place = await makePlace();
    let isInterrupted = false;
    const { outcome } = await watchRun(place, { instructions: '!hang' }, (event, handle) => {
      if (event.type === 'message.taken' && !isInterrupted) {
        isInterrupted = true;
        void handle.interrupt();
      }
      if (event.type === 'turn.ended' && event.status === 'interrupted') void handle.send('!say on we go');
    });
    expect(outcome).toMatchObject({ status: 'done', text: 'on we go', turns: 2 });
  });

  it('ends as cancelled when it is cancelled, whatever it is doing', async () => {
    const isOf: Readonly<Record<string, (event: RunEvent) => boolean>> = {
      '!hang': (event) => event.type === 'message.taken',
      '!run sleep 361': (event) => event.type === 'item.started' && event.item.kind === 'command',
      '!escalate touch /x': (event) => event.type === 'request.opened',
    };
    for (const [instructions, isBusy] of Object.entries(isOf)) {
      const place = await makePlace();
      let isTold = false;
      const { outcome } = await watchRun(place, { instructions, permissionGate: true }, async (event, handle) => {
        if (!isBusy(event)) return;
        isTold = true;
        await handle.cancel('enough');
      });
      expect({ instructions, isTold, status: outcome.status }).toEqual({
        instructions,
        isTold: true,
        status: 'cancelled',
      });
    }
  });

  it('ends as cancelled when it is cancelled before codex has started', async () => {
    const place = await makePlace();
    const handle = await startRun(place, { instructions: '!say never' });
    await handle.cancel('changed my mind');
    await expect(handle.outcome).resolves.toMatchObject({ status: 'cancelled' });
    expect(place.model.requests).toEqual([]);
  });

  it('fails with the exit and the last words of a codex that was killed, and leaves no process', async () => {
    const place = await makePlace();
    const { outcome } = await watchRun(place, { instructions: '!run sleep 371\n!say never' }, (event, handle) => {
      if (event.type !== 'item.started' || event.item.kind !== 'command') return;
      process.kill(codexOf(markOf(place, handle.id)), 'SIGKILL');
    });
    expect(outcome).toMatchObject({ status: 'failed', error: { code: 'codex-exited', signal: 'SIGKILL' } });
  });

  it('reads the answer as JSON when a schema asks for it, and fails when it is none', async () => {
    const outputSchema = {
      type: 'object',
      properties: { n: { type: 'number' } },
      required: ['n'],
      additionalProperties: false,
    };
    const place = await makePlace();
    const good = await watchRun(place, { instructions: '!say {"n": 42}', outputSchema });
    expect(good.outcome).toMatchObject({ status: 'done', output: { n: 42 } });
    const bad = await watchRun(place, { instructions: '!say forty-two', outputSchema });
    expect(bad.outcome).toMatchObject({ status: 'failed', error: { code: 'turn-failed' } });
  });

  it('refuses an old codex by name at the launch, and tells what it lacks', async () => {
    const place = await makePlace();
    const error = await failureOf(watchRun(place, { instructions: '!say never', codexBinary: OLDEST.path }));
    expect(error.code).toBe('codex-unsupported');
    for (const lack of ['codex 0.142.5 is too old', 'detached', 'reconnect', 'AGENTS.md', 'capabilities'])
      expect(error.message).toContain(lack);
    expect(readdirSync(place.home), 'codex makes a home wherever it is asked anything').toEqual([]);
  });

  it('runs ten at once, each with a home of its own', async () => {
    const place = await makePlace();
    const runs = Array.from({ length: 10 }, (_, index) =>
      watchRun(place, { instructions: `!say number ${index}`, workspace: { fresh: true } }, allowAll),
    );
    const outcomes = (await Promise.all(runs)).map(({ outcome }) => outcome.text);
    expect(outcomes.sort()).toEqual(Array.from({ length: 10 }, (_, index) => `number ${index}`));
  });

  it('refuses a data directory under /tmp, where every command may write', async () => {
    const place = await makePlace({ optio: { dataDir: `/tmp/optio-codex-test-${process.pid}` } });
    const { outcome } = await watchRun(place, { instructions: '!say never' });
    expect(outcome).toMatchObject({ status: 'failed', error: { code: 'path-refused' } });
  });

  it('refuses a directory that is not there, a picture that is not there, and a link out of it', async () => {
    const place = await makePlace();
    const nowhere = { directory: join(place.home, 'nowhere') };
    const missing = watchRun(place, { instructions: '!say never', workspace: nowhere });
    expect(await failureOf(missing)).toMatchObject({ code: 'workspace-refused' });
    const picture = watchRun(place, { instructions: '!say never', images: [join(place.home, 'no.png')] });
    expect(await failureOf(picture)).toMatchObject({
      code: 'invalid-config',
      message: expect.stringContaining('images'),
    });
    expect((await place.optio.list()).runs, 'nothing was launched').toEqual([]);
    symlinkSync(join(place.home, '.ssh'), join(place.workspace, 'link'));
    mkdirSync(join(place.home, '.ssh'));
    const link = await watchRun(place, {
      instructions: '!say never',
      workspace: { directory: join(place.workspace, 'link') },
    });
    expect(link.outcome.error).toMatchObject({ code: 'workspace-refused', message: expect.stringContaining('.ssh') });
  });
});
