import { describe, expect, it } from 'vitest';
import { runCommandLine } from '../../support/command-line.ts';
import { scriptApi } from '../../support/scripted-api.ts';

/** A run in which two messages wait. */
async function begin() {
  const scripted = scriptApi();
  const { handle, calls } = scripted.run();
  await handle.queue.add('first', { idempotencyKey: 'aa11' });
  await handle.queue.add('second', { idempotencyKey: 'ab22', images: ['a.png'] });
  calls.length = 0;
  const queue = async (...flags: string[]) => runCommandLine(scripted.api, ['queue', '@last', ...flags]);
  return { ...scripted, calls, handle, queue };
}

describe('queue', () => {
  it('lists what waits, and says where nothing does', async () => {
    const { queue, handle } = await begin();
    const { code, stdout } = await queue();
    expect(code).toBe(0);
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => line.split(/ {2,}/).slice(0, 2)),
    ).toEqual([
      ['MESSAGE', 'TEXT'],
      ['aa11', 'first'],
      ['ab22', 'second (1 picture)'],
    ]);
    expect(JSON.parse((await queue('--json')).stdout)).toEqual({ messages: (await handle.view()).queue, pause: null });
    expect((await queue('--clear')).stdout).toBe('Nothing waits to be sent.\n');
  });

  it.each([
    [['--remove', 'aa'], ['dequeue aa11']],
    [['--move', 'aa11'], ['move aa11 null']],
    [['--move', 'ab', '--before', 'aa'], ['move ab22 aa11']],
    [['--release', 'aa11'], ['release aa11']],
    [['--clear'], ['clear']],
    [['--pause'], ['pause queue']],
    [['--resume'], ['resume queue']],
  ])('%j', async (flags, done) => {
    const { queue, calls } = await begin();
    expect((await queue(...flags)).code).toBe(0);
    expect(calls).toEqual(done);
  });

  it('says that it is held, and how to go on', async () => {
    const { queue, run } = await begin();
    run().run.emit({ type: 'queue.paused', reason: 'interrupt' });
    const said = 'Held since the turn was interrupted. To go on: optio-codex queue run-1 --resume\n';
    expect((await queue()).stdout).toContain(said);
  });

  it('does nothing where it is not clear which message is meant', async () => {
    const { queue, calls } = await begin();
    expect(await queue('--remove', 'a')).toMatchObject({ code: 2, stderr: expect.stringContaining('one of several') });
    expect(await queue('--remove', 'b')).toMatchObject({ code: 1, stderr: expect.stringContaining('no message b') });
    expect(await queue('--before', 'aa')).toMatchObject({ code: 2, stderr: expect.stringContaining('--move') });
    expect(calls).toEqual([]);
  });
});

describe('send --queue', () => {
  it('puts a message into the queue, and waits for nothing', async () => {
    const { api, calls, handle } = await begin();
    const { code, stdout } = await runCommandLine(api, ['send', '@last', '--queue', '--key', 'k', 'and', 'this']);
    expect({ code, calls }).toEqual({ code: 0, calls: ['queue and this'] });
    expect(stdout).toBe('It waits in the queue; all that does: optio-codex queue run-1\n');
    await handle.queue.pause();
    const again = await runCommandLine(api, ['send', '@last', '--queue', 'more']);
    expect(again.stdout).toContain('Held, since somebody has paused the queue. To go on:');
    const json = await runCommandLine(api, ['send', '@last', '--queue', '--json', 'last']);
    expect(JSON.parse(json.stdout)).toMatchObject({ text: 'last', pause: { reason: 'wish' } });
  });

  it.each(['--steer', '--wait'])('does not go together with %s', async (flag) => {
    const { api, calls } = await begin();
    const { code, stderr } = await runCommandLine(api, ['send', '@last', '--queue', flag, 'x']);
    expect({ code, calls }).toEqual({ code: 2, calls: [] });
    expect(stderr).toContain(flag);
  });
});
