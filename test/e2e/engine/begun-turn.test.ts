import { expect, it } from 'vitest';
import { hang, say } from '../../../src/testing/index.ts';
import { openCodexEngine } from '../../support/codex-engine.ts';

it('begins the next attempt with the message when codex dies in a turn of which it had shown none', async () => {
  // Codex shows the message soon after the beginning of its turn, so that it may be faster than its death.
  let wasFaster = true;
  for (let tries = 0; wasFaster && tries < 5; tries++) {
    let isDead = false;
    const { launch, model } = await openCodexEngine({ script: () => [isDead ? say('here') : hang()] });
    const codexRun = await launch({ instructions: 'Only once.' }, { attempts: 2, backoffMs: 1 });
    let pid = 0;
    const events = await codexRun.events(async (event) => {
      if (event.type === 'session.started') pid ||= (await codexRun.codex()).pid;
      if (event.type !== 'turn.started' || isDead) return;
      isDead = true;
      process.kill(pid, 'SIGKILL');
    });
    expect(await codexRun.outcome).toMatchObject({ status: 'done', text: 'here' });
    const asked = JSON.stringify(model.requests.at(-1)?.body.input);
    expect(asked.split('Only once.')).toHaveLength(2);
    const types = events.map(({ type }) => type);
    wasFaster = types.indexOf('message.taken') < types.indexOf('session.ended');
    // Asked to go on, the model would not know with what.
    if (!wasFaster)
      expect(events.flatMap((event) => (event.type === 'message.sent' ? [event.text] : []))).toEqual(['Only once.']);
    expect(codexRun.leftovers()).toBe(0);
  }
  expect(wasFaster).toBe(false);
});
