import { PassThrough } from 'node:stream';
import { Prompt } from '../../src/cli/conversation/prompt.ts';
import { RequestView } from '../../src/cli/requests/request-view.ts';
import { LineReader } from '../../src/cli/terminal/line-reader.ts';
import { styleFor } from '../../src/cli/terminal/style.ts';
import { ChangeView } from '../../src/cli/watching/change-view.ts';
import type { Answer, Request } from '../../src/contract/request.ts';
import { until } from './processes.ts';
import { type WatchedScreen, watchScreen } from './screen.ts';

/** A person at a terminal. */
export interface Person extends WatchedScreen {
  /** Sees a request, and is asked for the answer. */
  answer(request: Request, withdrawn?: AbortSignal): Promise<Answer | undefined>;
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
  const reader = new LineReader({ input, output, screen, onInterrupt });
  const prompt = new Prompt({ screen, style, reader });
  let seen = 0;
  return {
    ...watched,
    answer(request, withdrawn = new AbortController().signal) {
      requests.show(request);
      return prompt.answer(request, withdrawn);
    },
    interrupts: () => interrupts,
    async type(expected, keys) {
      await until(() => watched.text().slice(seen).includes(expected), `"${expected}"`);
      seen = watched.text().length;
      input.write(keys);
    },
    leave: () => void input.end(),
  };
}
