import { PassThrough } from 'node:stream';
import { ChangeView } from '../../src/cli/change-view.ts';
import { Prompt } from '../../src/cli/prompt.ts';
import { RequestView } from '../../src/cli/request-view.ts';
import { styleFor } from '../../src/cli/style.ts';
import { until } from './processes.ts';
import { type WatchedScreen, watchScreen } from './screen.ts';

/** A person at a terminal. */
export interface Person extends WatchedScreen {
  readonly prompt: Prompt;
  /** How often Ctrl-C was handed on. */
  interrupts(): number;
  /** Waits until something stands on the screen that was not there when the last key was pressed, then presses keys. */
  type(expected: string, keys: string): Promise<void>;
  /** Closes the terminal. */
  leave(): void;
}

export const CTRL_C = '\u0003';
export const CTRL_D = '\u0004';

export function makePerson(): Person {
  const input = new PassThrough();
  const watched = watchScreen({ isTerminal: true });
  const { screen, output } = watched;
  const style = styleFor({ isTTY: false }, {});
  let interrupts = 0;
  const onInterrupt = () => void interrupts++;
  const requests = new RequestView({ screen, style, changes: new ChangeView(screen, style) });
  const prompt = new Prompt({ input, output, screen, style, requests, onInterrupt });
  let seen = 0;
  return {
    ...watched,
    prompt,
    interrupts: () => interrupts,
    async type(expected, keys) {
      await until(() => watched.text().slice(seen).includes(expected), `"${expected}"`);
      seen = watched.text().length;
      input.write(keys);
    },
    leave: () => void input.end(),
  };
}
