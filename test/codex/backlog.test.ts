import { describe, expect, it } from 'vitest';
import { Backlog } from '../../src/codex/backlog.ts';

const BOUND = 64 * 1024 * 1024;

function make() {
  const told: string[] = [];
  const backlog = new Backlog();
  return { told, backlog, add: (name: string, bytes: number) => backlog.add(() => told.push(name), bytes) };
}

describe('Backlog', () => {
  it('tells what it kept in its order, once', () => {
    const { told, backlog, add } = make();
    for (const name of ['one', 'two']) add(name, 1);
    backlog.release();
    backlog.release();
    expect(told).toEqual(['one', 'two']);
  });

  it('keeps 64 MiB and not one byte more, and has room again when it was told', () => {
    const { told, backlog, add } = make();
    expect([add('large', BOUND), add('more', 1)]).toEqual([true, false]);
    backlog.release();
    expect([add('next', BOUND), add('more', 1)]).toEqual([true, false]);
    backlog.release();
    expect(told).toEqual(['large', 'next']);
  });

  it('forgets all of it', () => {
    const { told, backlog, add } = make();
    add('forgotten', BOUND);
    backlog.clear();
    expect(add('next', BOUND)).toBe(true);
    backlog.release();
    expect(told).toEqual(['next']);
  });
});
