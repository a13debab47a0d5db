import { describe, expect, it } from 'vitest';
import { OptioError } from '../../src/errors.ts';
import { Teardown } from '../../src/session/teardown.ts';

/** A step that never ends. */
const hang = () => new Promise<void>(() => {});

describe('Teardown', () => {
  it('undoes the last things first, one after the other', async () => {
    const teardown = new Teardown();
    const seen: string[] = [];
    for (const name of ['a', 'b', 'c']) {
      teardown.defer(name, async () => {
        seen.push(`${name} begins`);
        await Promise.resolve();
        seen.push(`${name} ends`);
      });
    }
    await expect(teardown.run()).resolves.toEqual([]);
    expect(seen).toEqual(['c', 'b', 'a'].flatMap((name) => [`${name} begins`, `${name} ends`]));
  });

  it('gives up on a step that hangs, and runs the others', async () => {
    const teardown = new Teardown();
    const seen: string[] = [];
    teardown.defer('lock the door', async () => void seen.push('locked'));
    teardown.defer('stop codex', hang, 5);
    const failed = await teardown.run();
    expect(seen).toEqual(['locked']);
    expect(failed).toEqual([{ name: 'stop codex', error: expect.objectContaining({ code: 'internal' }) }]);
    expect(failed[0]?.error.message).toContain('0.005 s');
  });

  it('names the steps that failed, and goes on after each', async () => {
    const teardown = new Teardown();
    const error = new OptioError('git-failed', 'no space');
    teardown.defer('last', async () => {
      throw error;
    });
    teardown.defer('second', () => {
      throw new TypeError('at once');
    });
    teardown.defer('first', async () => {});
    await expect(teardown.run()).resolves.toEqual([
      { name: 'second', error: expect.objectContaining({ code: 'internal', message: 'at once' }) },
      { name: 'last', error },
    ]);
  });

  it('runs a step that another adds', async () => {
    const teardown = new Teardown();
    const seen: string[] = [];
    teardown.defer('outer', async () => teardown.defer('inner', async () => void seen.push('inner')));
    await teardown.run();
    expect(seen).toEqual(['inner']);
  });

  it('undoes nothing twice', async () => {
    const teardown = new Teardown();
    let count = 0;
    teardown.defer('count', async () => void count++);
    await Promise.all([teardown.run(), teardown.run()]);
    await teardown.run();
    expect(count).toBe(1);
  });
});
