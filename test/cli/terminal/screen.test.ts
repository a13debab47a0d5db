import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { columnsOf } from '../../../src/cli/terminal/word-wrap.ts';
import { watchScreen } from '../../support/screen.ts';

const ERASE = /\r +\r$/;

describe('Screen', () => {
  it('begins a line of its own only where it is not at the beginning of one', () => {
    const { screen, written } = watchScreen();
    screen.write('half');
    screen.line('whole');
    screen.line();
    screen.startLine();
    screen.line('next');
    expect(written()).toBe('half\nwhole\n\nnext\n');
  });

  it('knows that colours take no room', () => {
    const { screen, written } = watchScreen();
    screen.write('\u001b[2mquiet\n\u001b[22m');
    screen.line('next');
    expect(written()).toBe('\u001b[2mquiet\n\u001b[22mnext\n');
  });

  it('leaves one line free, not two', () => {
    const { screen, written } = watchScreen();
    screen.write('begun');
    screen.gap();
    screen.gap();
    screen.line('next\n');
    screen.gap();
    screen.line('last');
    expect(written()).toBe('begun\n\nnext\n\nlast\n');
  });

  it('is as wide as the terminal, and without end where nobody looks', () => {
    expect(watchScreen({ isTerminal: true, columns: 40 }).screen.width).toBe(40);
    expect(watchScreen({ isTerminal: true, columns: 0 }).screen.width).toBe(80); // it does not know its size
    expect(watchScreen().screen.width).toBe(Number.POSITIVE_INFINITY);
  });

  it('keeps back what comes while somebody types, and shows it in order', () => {
    const { screen, written } = watchScreen();
    screen.line('before');
    const show = screen.hold();
    screen.write('begun ');
    screen.write('line');
    screen.line('a line');
    expect(written()).toBe('before\n');
    show();
    screen.line('after');
    expect(written()).toBe('before\nbegun line\na line\nafter\n');
  });

  it('keeps the end of what is too much to keep, and says so', () => {
    const { screen, written } = watchScreen();
    const show = screen.hold();
    for (let count = 0; count < 10_000; count++) screen.line(`${count} ${'x'.repeat(100)}`);
    show();
    expect(written().length).toBeLessThan(300_000);
    expect(written()).toMatch(/^… \(some of it is not shown\)\n\d+ x/);
    expect(written()).toMatch(/\n9999 x+\n$/);
  });

  it('breaks a block between words, and indents each of its lines', () => {
    const { screen, written } = watchScreen({ isTerminal: true, columns: 16 });
    screen.block('some words to break\n\nmore', { look: (line) => `<${line}>` });
    screen.block('some words to break', { indent: '      ', first: '1234  ' });
    expect(written()).toBe('    <some words>\n    <to break>\n\n    <more>\n1234  some words\n      to break\n');
  });

  it('goes on where the held text ended', () => {
    const { screen, written } = watchScreen();
    const show = screen.hold();
    screen.write('begun');
    show();
    screen.line('next');
    expect(written()).toBe('begun\nnext\n');
  });

  it('shows nothing that another question keeps back', () => {
    const { screen, written } = watchScreen();
    const showFirst = screen.hold();
    screen.line('one');
    const showSecond = screen.hold();
    screen.line('two');
    showFirst();
    expect(written()).toBe('');
    showSecond();
    showSecond();
    expect(written()).toBe('one\ntwo\n');
  });
});

describe('the spinner of Screen', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] }));
  afterEach(() => void vi.useRealTimers());

  it('shows what is being done once nothing comes for a while', () => {
    const { screen, written, text } = watchScreen({ isTerminal: true });
    screen.spin('working');
    vi.advanceTimersByTime(300);
    expect(written()).toBe('');
    vi.advanceTimersByTime(200);
    expect(text()).toMatch(/. working 0\.\d s/);
  });

  it('stays away from whoever only looks', () => {
    const { screen, written } = watchScreen({ isTerminal: true, isStill: true });
    screen.spin('working');
    vi.advanceTimersByTime(1_000);
    expect(written()).toBe('');
  });

  it('is erased before anything is written', () => {
    const { screen, written } = watchScreen({ isTerminal: true });
    screen.spin('working');
    vi.advanceTimersByTime(500);
    const before = written().length;
    screen.write('text');
    expect(written().slice(before)).toMatch(/^\r {15,}\rtext$/);
  });

  it('stays within its line, however narrow, and says nothing where there is no room', () => {
    for (const columns of [12, 3]) {
      const { screen, written } = watchScreen({ isTerminal: true, columns });
      screen.spin('running 日本語 a-long-word');
      vi.advanceTimersByTime(2000);
      for (const frame of written().split('\r')) expect(columnsOf(frame)).toBeLessThan(columns);
    }
  });

  it('does not write into a line that was begun', () => {
    const { screen, written } = watchScreen({ isTerminal: true });
    screen.spin('working');
    screen.write('half');
    vi.advanceTimersByTime(5000);
    expect(written()).toBe('half');
  });

  it('does not write while somebody types, and is erased before', () => {
    const { screen, written } = watchScreen({ isTerminal: true });
    screen.spin('working');
    vi.advanceTimersByTime(500);
    screen.hold();
    const before = written();
    expect(before).toMatch(ERASE);
    vi.advanceTimersByTime(5000);
    expect(written()).toBe(before);
  });

  it('changes its label, and rests when it is told to', () => {
    const { screen, written, text } = watchScreen({ isTerminal: true });
    screen.spin('working');
    screen.spin('running ls');
    vi.advanceTimersByTime(500);
    expect(text()).toContain('running ls');
    screen.rest();
    const before = written();
    vi.advanceTimersByTime(5000);
    expect(written()).toBe(before);
  });

  it('is not there where nothing can be written over', () => {
    const { screen, written } = watchScreen({ isTerminal: false });
    screen.spin('working');
    vi.advanceTimersByTime(5000);
    expect(written()).toBe('');
  });
});
