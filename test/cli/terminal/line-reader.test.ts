import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { LineReader } from '../../../src/cli/terminal/line-reader.ts';
import { until } from '../../support/processes.ts';
import { watchScreen } from '../../support/screen.ts';
import { CTRL_C, CTRL_D } from '../../support/terminal.ts';

const NEVER = new AbortController().signal;
const LABEL = 'name > ';

/** A reader at a terminal, and somebody at its keys. */
function make() {
  const input = new PassThrough();
  const watched = watchScreen({ isTerminal: true });
  const { screen, output } = watched;
  const interrupts: string[] = [];
  const reader = new LineReader({ input, output, screen, onInterrupt: () => interrupts.push('default') });
  let seen = 0;
  /** Waits for the question, then presses keys. */
  const type = async (keys: string) => {
    await until(() => watched.text().slice(seen).includes(LABEL), 'the question');
    seen = watched.text().length;
    input.write(keys);
  };
  return { ...watched, input, reader, interrupts, type };
}

describe('LineReader', () => {
  it('gives what is typed, without the spaces around it', async () => {
    const { reader, type, text } = make();
    const line = reader.read(LABEL, { signal: NEVER });
    await type('  Ada Lovelace \r');
    await expect(line).resolves.toBe('Ada Lovelace');
    expect(text()).toContain(`${LABEL}  Ada Lovelace`);
  });

  it('reads one line after the other', async () => {
    const { reader, type } = make();
    for (const name of ['Ada', 'Grace']) {
      const line = reader.read(LABEL, { signal: NEVER });
      await type(`${name}\r`);
      await expect(line).resolves.toBe(name);
    }
  });

  it('keeps the screen quiet while somebody types, and shows then what came', async () => {
    const { reader, type, input, screen, text } = make();
    const line = reader.read(LABEL, { signal: NEVER });
    await type('A');
    screen.line('meanwhile');
    input.write('da\r');
    await line;
    expect(text()).toMatch(/Ada\s+meanwhile\n$/);
  });

  it('shows nothing of a secret', async () => {
    const { reader, type, written } = make();
    const line = reader.read(LABEL, { signal: NEVER, isSecret: true });
    await type('hunter2\r');
    await expect(line).resolves.toBe('hunter2');
    expect(written()).toBe(`${LABEL}\n`);
  });

  it('gives nothing after Ctrl-D, and when the terminal is closed', async () => {
    const { reader, type, input, interrupts } = make();
    const line = reader.read(LABEL, { signal: NEVER });
    await type(CTRL_D);
    await expect(line).resolves.toBeUndefined();
    const next = reader.read(LABEL, { signal: NEVER });
    await type('half a line');
    input.end();
    await expect(next).resolves.toBeUndefined();
    expect(interrupts).toEqual([]);
  });

  it('rejects after Ctrl-C, and hands it on', async () => {
    const { reader, type, interrupts } = make();
    const line = reader.read(LABEL, { signal: NEVER });
    await type(CTRL_C);
    await expect(line).rejects.toMatchObject({ code: 'aborted' });
    expect(interrupts).toEqual(['default']);
  });

  it('hands on each of two Ctrl-C that come at once', async () => {
    const { reader, type, interrupts } = make();
    const line = reader.read(LABEL, { signal: NEVER });
    await type(CTRL_C + CTRL_C);
    await expect(line).rejects.toMatchObject({ code: 'aborted' });
    expect(interrupts).toEqual(['default', 'default']);
  });

  it('rejects when it is not wanted any more, and leaves what is typed then to the next question', async () => {
    const { reader, type, input } = make();
    const withdrawn = new AbortController();
    const line = reader.read(LABEL, { signal: withdrawn.signal });
    await type('A');
    withdrawn.abort();
    await expect(line).rejects.toMatchObject({ name: 'AbortError' });
    input.write('da\r');
    await expect(reader.read(LABEL, { signal: NEVER })).resolves.toBe('da');
  });

  it('asks nothing that was not wanted any more before', async () => {
    const { reader, written } = make();
    await expect(reader.read(LABEL, { signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' });
    expect(written()).toBe('');
  });
});
