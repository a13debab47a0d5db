import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { RunEvent } from '../../src/contract/event.ts';
import { NO_USAGE } from '../../src/contract/usage.ts';
import { Optio } from '../../src/optio.ts';
import { testDirectory } from '../support/directories.ts';
import { told } from '../support/engine.ts';
import { openServer } from '../support/server.ts';

const DONE = { status: 'done', text: 'It is.', durationMs: 0, usage: NO_USAGE, turns: 0 } as const;

describe('the server of a real Optio', () => {
  it('lists runs, tells what happens in them, and stops them', async () => {
    const optio = await Optio.open({ dataDir: join(testDirectory('server'), 'data') });
    onTestFinished(() => optio.close());
    await optio.define({ id: 'quick', name: 'Quick', execute: async () => DONE });
    await optio.define({
      id: 'long',
      name: 'Long',
      execute: async ({ signal }) => {
        await told(signal);
        return { ...DONE, status: 'cancelled' };
      },
    });
    const quick = await optio.launch('quick');
    const long = await optio.launch('long');
    await quick.outcome;
    const { ask } = await openServer(optio);

    const { json } = await ask('/api/runs');
    expect((json.runs as { id: string }[]).map(({ id }) => id).sort()).toEqual([quick.id, long.id].sort());
    const { text } = await ask(`/api/runs/${quick.id}/events`);
    const events = [...text.matchAll(/^data: (\{"seq".*)$/gm)].map(([, data = '']) => JSON.parse(data) as RunEvent);
    const stored: RunEvent[] = [];
    for await (const event of quick.events()) stored.push(event);
    expect(events).toEqual(stored);
    expect(events.at(-1)).toMatchObject({ type: 'run.ended', outcome: { status: 'done', text: 'It is.' } });

    expect(await ask(`/api/runs/${long.id}/cancel`, { method: 'POST', body: { reason: 'enough' } })).toMatchObject({
      status: 202,
    });
    expect(await long.outcome).toMatchObject({ status: 'cancelled' });
    expect(await ask('/api/runs/run-00000000')).toMatchObject({ status: 404, json: { code: 'not-found' } });
    const body = { reason: 'a release' };
    const block = await ask('/api/blocks', { method: 'POST', body });
    expect(block).toMatchObject({ status: 201, json: body });
    expect(await ask('/api/tasks/quick/launch', { method: 'POST' })).toMatchObject({
      status: 409,
      json: { code: 'launch-refused', reason: 'blocked' },
    });
    expect(await ask(`/api/blocks/${block.json.id}`, { method: 'DELETE' })).toMatchObject({ status: 204 });
  });
});
