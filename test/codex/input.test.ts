import { describe, expect, it } from 'vitest';
import { toUserInput } from '../../src/codex/input.ts';

describe('toUserInput', () => {
  it('makes one part of a text', () => {
    expect(toUserInput('hello')).toEqual([{ type: 'text', text: 'hello', text_elements: [] }]);
  });

  it('keeps parts in their order', () => {
    const parts = [
      { type: 'localImage', path: '/repo/a.png' },
      { type: 'text', text: 'what is this?' },
      { type: 'image', url: 'data:image/png;base64,AA==' },
    ] as const;
    expect(toUserInput(parts)).toEqual([
      parts[0],
      { type: 'text', text: 'what is this?', text_elements: [] },
      parts[2],
    ]);
  });
});
