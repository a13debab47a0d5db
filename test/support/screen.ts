import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { Screen } from '../../src/cli/terminal/screen.ts';
import { styleFor } from '../../src/cli/terminal/style.ts';

/** A screen that is looked at: what was written, and what of it one sees. */
export interface WatchedScreen {
  readonly screen: Screen;
  readonly output: PassThrough;
  /** Everything that was written so far. */
  written(): string;
  /** The same without colours and movements of the cursor. */
  text(): string;
}

export function watchScreen(
  options: { isTerminal?: boolean; isStill?: boolean; columns?: number } = {},
): WatchedScreen {
  const output = Object.assign(new PassThrough(), { columns: options.columns ?? 80 });
  const chunks: string[] = [];
  output.on('data', (chunk: Buffer) => chunks.push(chunk.toString('utf8')));
  const style = styleFor({ isTTY: false }, {});
  const screen = new Screen({
    output,
    style,
    isTerminal: options.isTerminal ?? false,
    isStill: options.isStill ?? false,
  });
  const written = () => chunks.join('');
  return { screen, output, written, text: () => stripVTControlCharacters(written()) };
}
