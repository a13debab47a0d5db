import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { escalate, say } from '../../../src/testing/index.ts';
import { until } from '../../support/processes.ts';
import { allowAll, makePlace, watchRun } from '../../support/run.ts';

describe('a home in which nothing is that a run denies', () => {
  it('is as it was when a command is interrupted that was allowed to write there, and the next one runs', async () => {
    const held = 'touch held; until [ -e never ]; do sleep 0.1; done';
    const script = [escalate(held, 'I need it'), escalate('echo the next one ran', 'I need it'), say('done')];
    const place = await makePlace({ script: ({ number }) => [script[number - 1] ?? say('too much')] });
    let inHome: string[] = [];
    const interruptOnceHeld = async (interrupt: () => Promise<void>) => {
      await until(() => existsSync(join(place.workspace, 'held')), 'the command that waits');
      inHome = readdirSync(place.home);
      await interrupt();
    };
    let isInterrupted: Promise<void> | undefined;
    const { outcome, outputs } = await watchRun(
      place,
      { instructions: 'go', permissionGate: true },
      async (event, handle) => {
        await allowAll(event, handle);
        if (event.type === 'request.opened') isInterrupted ??= interruptOnceHeld(() => handle.interrupt());
        if (event.type === 'turn.ended' && event.status === 'interrupted') await handle.send('go on');
      },
    );
    await isInterrupted;
    // What codex puts there while it runs, and would leave.
    expect(inHome).toEqual(expect.arrayContaining(['.config', '.ssh']));
    expect(outcome).toMatchObject({ status: 'done', text: 'done' });
    expect(outputs.at(-1)).toBe('the next one ran\n');
    expect(readdirSync(place.home)).toEqual([]);
  });
});
