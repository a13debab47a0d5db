import { describe, expect, it } from 'vitest';
import { WholeLines } from '../../src/client/whole-lines.ts';

const TEXT = 'data: é😀\n\ndata: a longer line ✓\n:\n\nrest';
const bytes = new TextEncoder().encode(TEXT);

describe('the lines of a stream', () => {
  it.each([1, 2, 3, 7, 16, bytes.length])('are whole however it is cut (each %i bytes)', (size) => {
    const lines = new WholeLines();
    const pieces: string[] = [];
    for (let at = 0; at < bytes.length; at += size) pieces.push(lines.take(bytes.slice(at, at + size)));
    expect(pieces.join('')).toBe(TEXT.slice(0, -'rest'.length));
    expect(pieces.every((piece) => piece === '' || piece.endsWith('\n'))).toBe(true);
    expect(lines.waiting).toBe('rest'.length);
  });
});
