import { describe, expect, it } from 'vitest';
import { TextStream } from '../../../src/cli/terminal/text-stream.ts';
import { watchScreen } from '../../support/screen.ts';

const plain = (text: string) => text;
const loud = (text: string) => text.toUpperCase();

function watchStream(options: { isTerminal?: boolean; columns?: number } = {}) {
  const { screen, text } = watchScreen(options);
  return { stream: new TextStream(screen), text };
}

describe('TextStream', () => {
  it('shows a text as it comes, and not again when it is whole', () => {
    const { stream, text } = watchStream();
    for (const piece of ['I wi', 'll look ', 'first.']) stream.write('a', piece, plain);
    stream.complete('a', 'I will look first.', plain);
    expect(text()).toBe('I will look first.\n\n');
  });

  it('shows a text that came whole', () => {
    const { stream, text } = watchStream();
    stream.complete('a', 'Done.', plain);
    expect(text()).toBe('Done.\n\n');
  });

  it('begins a line when another text comes between, and does not repeat the first', () => {
    const { stream, text } = watchStream();
    stream.write('a', 'one ', plain);
    stream.write('b', 'hm', loud);
    stream.complete('a', 'one two', plain);
    expect(text()).toBe('one\nHM\n\n');
  });

  it('tells whether the cursor was within a text that ends', () => {
    const { stream } = watchStream();
    stream.write('a', 'half', plain);
    expect(stream.end('b')).toBe(false);
    expect(stream.end('a')).toBe(true);
    expect(stream.end('a')).toBe(false);
  });

  it('breaks lines between words, and prints nothing that moves the cursor', () => {
    const { stream, text } = watchStream({ isTerminal: true, columns: 12 });
    stream.complete('a', 'some words\u001b[2J to break', plain);
    expect(text()).toBe('some words\nto break\n\n');
  });
});
