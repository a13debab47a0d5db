import { describe, expect, it } from 'vitest';
import { Room } from '../../src/codex/room.ts';

describe('Room', () => {
  it('has 64 MiB, to the last byte', () => {
    const room = new Room();
    expect([room.take(64 * 1024 * 1024 - 1), room.take(2), room.take(1), room.take(1)]).toEqual([
      true,
      false,
      true,
      false,
    ]);
  });

  it('gives again what it was given back', () => {
    const room = new Room(10);
    room.take(10);
    room.give(4);
    expect([room.take(5), room.take(4)]).toEqual([false, true]);
  });
});
