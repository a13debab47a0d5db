import type { RunList, RunUpdate } from '../../contract/run-update.ts';
import { applyRunUpdate, EMPTY_RUN_LIST } from '../../contract/run-update.ts';
import { OptioError } from '../../errors.ts';
import type { Outlet } from '../outlet.ts';
import { CtrlC } from './ctrl-c.ts';

/** What changes within this time is drawn at once, in milliseconds. */
const FRAME_MS = 50;
/** Times are told from now, so that they change by themselves. */
const TICK_MS = 1_000;
/** To the terminal's other screen, without a cursor; and back. */
const ENTER = '\u001b[?1049h\u001b[?25l';
const LEAVE = '\u001b[?25h\u001b[?1049l';

export interface LiveTableOptions {
  readonly output: Outlet;
  readonly updates: AsyncIterable<RunUpdate>;
  /** The lines to show, each no wider than the terminal. */
  readonly lines: (list: RunList) => readonly string[];
}

/** A table that is drawn anew whenever something changes, until somebody presses Ctrl-C; the terminal is then as it was. */
export async function showLiveTable({ output, updates, lines }: LiveTableOptions): Promise<void> {
  if (!output.isTerminal || process.env.TERM === 'dumb') {
    throw new OptioError('invalid-input', '--watch needs a terminal to draw on', {
      remedy: 'Leave it out, or add --json for the changes as JSON lines.',
    });
  }
  let list: RunList = EMPTY_RUN_LIST;
  let pending: NodeJS.Timeout | undefined;
  const draw = () => {
    pending = undefined;
    if (output.stream.writableNeedDrain) return; // a slow terminal gets the newest with the next tick
    const shown = lines(list).slice(0, Math.max(1, (output.rows ?? 24) - 1));
    output.write(`\u001b[H${shown.map((line) => `${line}\u001b[K\r\n`).join('')}\u001b[J`);
  };
  const redraw = () => {
    pending ??= setTimeout(draw, FRAME_MS);
  };
  const stopped = Promise.withResolvers<undefined>();
  const stop = () => stopped.resolve(undefined);
  const ctrlC = new CtrlC({ onFirst: stop, onSecond: stop });
  const suspend = () => {
    output.write(LEAVE);
    process.kill(process.pid, 'SIGSTOP');
  };
  const goOn = () => {
    output.write(ENTER);
    redraw();
  };
  process.on('SIGTSTP', suspend);
  process.on('SIGCONT', goOn);
  output.stream.on('resize', redraw);
  output.closed.addEventListener('abort', stop, { once: true });
  const ticks = setInterval(redraw, TICK_MS);
  const reader = updates[Symbol.asyncIterator]();
  output.write(ENTER);
  try {
    for (;;) {
      const read = await Promise.race([reader.next(), stopped.promise]);
      if (!read || read.done) return;
      list = applyRunUpdate(list, read.value);
      redraw();
    }
  } finally {
    void reader.return?.()?.catch(() => {}); // it may wait for an update that never comes
    clearInterval(ticks);
    clearTimeout(pending);
    ctrlC.release();
    process.off('SIGTSTP', suspend);
    process.off('SIGCONT', goOn);
    output.stream.off('resize', redraw);
    output.closed.removeEventListener('abort', stop);
    output.write(LEAVE);
  }
}
