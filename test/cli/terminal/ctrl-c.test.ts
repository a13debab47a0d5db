import { describe, expect, it, onTestFinished } from 'vitest';
import { CtrlC } from '../../../src/cli/terminal/ctrl-c.ts';

/** What each press did, in order. */
function watch() {
  const seen: string[] = [];
  const ctrlC = new CtrlC({ onFirst: () => seen.push('first'), onSecond: () => seen.push('second') });
  onTestFinished(() => ctrlC.release());
  return { seen, ctrlC };
}

describe('CtrlC', () => {
  it('tells the first press from those after it', () => {
    const { seen } = watch();
    for (let press = 0; press < 3; press++) process.emit('SIGINT');
    expect(seen).toEqual(['first', 'second', 'second']);
  });

  it('counts what the terminal hands to us like a signal', () => {
    const { seen, ctrlC } = watch();
    ctrlC.press();
    process.emit('SIGINT');
    expect(seen).toEqual(['first', 'second']);
  });

  it('begins to count anew when what was interrupted is over', () => {
    const { seen, ctrlC } = watch();
    ctrlC.press();
    ctrlC.reset();
    ctrlC.press();
    expect(seen).toEqual(['first', 'first']);
  });

  it.each(['SIGTERM', 'SIGHUP'] as const)('takes %s for the second press', (signal) => {
    const { seen } = watch();
    process.emit(signal);
    expect(seen).toEqual(['second']);
  });

  it('tells the signals that end a process apart where that matters', () => {
    const ended: string[] = [];
    const onSecond = () => ended.push('second');
    const ctrlC = new CtrlC({ onFirst: () => {}, onSecond, onEnd: (signal) => ended.push(signal) });
    onTestFinished(() => ctrlC.release());
    for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.emit(signal, signal);
    expect(ended).toEqual(['SIGTERM', 'SIGHUP']);
  });

  it('leaves the signals alone once it is released', () => {
    const before = (['SIGINT', 'SIGTERM', 'SIGHUP'] as const).map((signal) => process.listenerCount(signal));
    const { seen, ctrlC } = watch();
    ctrlC.release();
    expect((['SIGINT', 'SIGTERM', 'SIGHUP'] as const).map((signal) => process.listenerCount(signal))).toEqual(before);
    expect(seen).toEqual([]);
  });
});
