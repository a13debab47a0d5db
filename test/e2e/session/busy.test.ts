import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunEventType } from '../../../src/contract/event.ts';
import type { RunHandle } from '../../../src/contract/run-handle.ts';
import { makePlace, startRun, watchRun } from '../../support/run.ts';

/** Waits until the journal of a run holds an event of this type. */
async function told(handle: RunHandle, type: RunEventType): Promise<void> {
  for await (const event of handle.events()) if (event.type === type) return;
  throw new Error(`the run has ended without ${type}`);
}

const hello = '!say hello';

describe('two runs in one directory', () => {
  it('are refused by name, with what else one can do, until the first has ended', async () => {
    const place = await makePlace();
    const first = await startRun(place, { instructions: '!hang' });
    await told(first, 'message.taken');
    const { outcome } = await watchRun(place, { instructions: hello });
    expect(outcome).toMatchObject({
      status: 'failed',
      error: {
        code: 'workspace-busy',
        message: expect.stringContaining(`the run ${first.id} works in this directory`),
      },
    });
    for (const way of ['Wait', '--worktree', '--share']) expect(outcome.error?.remedy).toContain(way);
    await place.model.request();
    await first.cancel('enough');
    await first.outcome;
    expect(place.model.requests, 'the second never came to the model').toHaveLength(1);
    expect((await watchRun(place, { instructions: hello })).outcome.status).toBe('done');
  });

  it('are refused in a directory within it as well, and by a name that is a link', async () => {
    const place = await makePlace();
    const [inner, link] = [join(place.workspace, 'inner'), join(place.home, 'link')];
    mkdirSync(inner);
    symlinkSync(place.workspace, link);
    const first = await startRun(place, { instructions: '!hang' });
    await told(first, 'message.taken');
    for (const directory of [inner, link]) {
      const { outcome } = await watchRun(place, { instructions: hello, workspace: { directory } });
      expect(outcome.error, directory).toMatchObject({ code: 'workspace-busy' });
    }
    await first.cancel('enough');
    await first.outcome;
  });

  it('work side by side when the second shares it, which is told, or only reads', async () => {
    const place = await makePlace();
    const first = await startRun(place, { instructions: '!hang' });
    await told(first, 'message.taken');
    const directory = place.workspace;
    const shared = await watchRun(place, { instructions: hello, workspace: { directory, shared: true } });
    const reading = await watchRun(place, { instructions: hello, sandbox: 'read-only' });
    for (const { outcome, of } of [shared, reading]) {
      expect(outcome).toMatchObject({ status: 'done', text: 'hello' });
      expect(of('notice')).toContainEqual(
        expect.objectContaining({ level: 'warning', message: expect.stringContaining(`the run ${first.id}`) }),
      );
    }
    await first.cancel('enough');
    await first.outcome;
  });

  it('let exactly one of those that begin at once go on', async () => {
    const place = await makePlace();
    const all = await Promise.all([1, 2, 3].map(() => startRun(place, { instructions: '!hang' })));
    const refused = all.map(async ({ outcome }) => (await outcome).error?.code === 'workspace-busy');
    const working = await Promise.any(all.map(async (handle) => told(handle, 'message.taken').then(() => handle)));
    const others = all.filter((handle) => handle !== working);
    for (const other of others)
      await expect(other.outcome).resolves.toMatchObject({ error: { code: 'workspace-busy' } });
    await working.cancel('enough');
    expect((await Promise.all(refused)).filter(Boolean)).toHaveLength(2);
  });
});
