import { describe, expect, it, onTestFinished } from 'vitest';
import { type AreaContent, LiveArea } from '../../../src/cli/terminal/live-area.ts';
import { until } from '../../support/processes.ts';
import { VirtualTerminal } from '../../support/virtual-terminal.ts';

const INPUT: AreaContent = { rows: ['working', '> hi'], row: 1, column: 4 };

function makeArea(options: { columns?: number; rows?: number; content?: AreaContent } = {}) {
  const terminal = new VirtualTerminal(options);
  let content = options.content ?? INPUT;
  const area = new LiveArea({ output: terminal.stream, content: () => content });
  onTestFinished(() => area.close());
  area.open();
  const show = (next: AreaContent) => {
    content = next;
    area.draw();
  };
  return { area, terminal, show };
}

describe('LiveArea', () => {
  it('shows its rows, and the cursor where it is', () => {
    const { terminal } = makeArea();
    expect(terminal.text()).toBe('working\n> hi');
    expect(terminal.cursorRow()).toBe('> hi|');
  });

  it('puts finished lines above, and keeps one line free before itself', () => {
    const { area, terminal } = makeArea();
    area.print('one\ntwo\n');
    area.draw();
    expect(terminal.text()).toBe('one\ntwo\n\nworking\n> hi');
    area.print('\n');
    area.draw();
    expect(terminal.text()).toBe('one\ntwo\n\nworking\n> hi');
  });

  it('shows a line that has not ended, and does not repeat it when it has', () => {
    const { area, terminal } = makeArea();
    for (const piece of ['Hel', 'lo ', 'there']) {
      area.print(piece);
      area.draw();
    }
    expect(terminal.text()).toBe('Hello there\n\nworking\n> hi');
    area.print('.\n\n');
    area.draw();
    expect(terminal.text()).toBe('Hello there.\n\nworking\n> hi');
  });

  it('takes no more and no fewer rows than it needs, also when they become fewer', () => {
    const { terminal, show } = makeArea();
    show({ rows: ['working', '> a', 'b', 'c'], row: 2, column: 1 });
    expect(terminal.text()).toBe('working\n> a\nb\nc');
    expect(terminal.cursorRow()).toBe('b|');
    show(INPUT);
    expect(terminal.text()).toBe('working\n> hi');
  });

  it('draws a frame in one write, and none when nothing has changed', () => {
    const { area, terminal } = makeArea();
    const before = terminal.writes.length;
    area.print('one\n');
    area.draw();
    expect(terminal.writes.length).toBe(before + 1);
    area.draw();
    expect(terminal.writes.length).toBe(before + 1);
  });

  it('draws by itself, once for all that comes together', async () => {
    const { area, terminal } = makeArea();
    const before = terminal.writes.length;
    for (let count = 0; count < 50; count++) area.print(`${count}\n`);
    await until(() => terminal.text().includes('49\n'), 'the last line');
    expect(terminal.writes.length).toBe(before + 1);
  });

  it('lets nothing pile up', () => {
    const { area, terminal } = makeArea();
    area.print(`${'x'.repeat(70)}\n`.repeat(1000));
    expect(terminal.text()).toContain('xxx');
  });

  it('goes away, and leaves all that was printed', () => {
    const { area, terminal } = makeArea();
    area.print('one\nhalf');
    area.close();
    expect(terminal.text()).toBe('one\nhalf');
    area.print('after\n');
    expect(terminal.text()).toBe('one\nhalf\nafter');
  });

  it('is erased where it was broken into more rows by a terminal that became narrower', () => {
    const { terminal, area } = makeArea({
      columns: 20,
      content: { rows: ['x'.repeat(19), '> hi'], row: 1, column: 4 },
    });
    terminal.stream.columns = 10;
    area.print('one\n');
    area.draw();
    const up = terminal.writes.at(-1)?.split('\r')[0];
    expect(up, 'past both rows that the first one has become').toBe('\u001b[?25l\u001b[2A');
  });

  it('keeps within the height: of a line that has not ended, its end', () => {
    const { area, terminal } = makeArea({ columns: 10, rows: 5 });
    area.print('x'.repeat(200));
    area.draw();
    expect(terminal.text().split('\n')).toEqual(['xxxxxxxxxx', '', 'working', '> hi']);
  });
});
