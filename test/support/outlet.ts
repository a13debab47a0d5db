import { PassThrough } from 'node:stream';
import { Outlet } from '../../src/cli/outlet.ts';

/** An outlet that is looked at. */
export interface WatchedOutlet {
  readonly outlet: Outlet;
  readonly stream: PassThrough;
  /** Everything that was read of it so far. */
  written(): string;
  /** Begins to read what nobody has read yet, where nothing is read by itself. */
  read(): void;
  /** Nobody reads it any more. */
  leave(): void;
}

/** Is read as it is written, unless it is slow: then nothing is read before the test says so. */
export function watchOutlet(options: { isSlow?: boolean; isTerminal?: boolean } = {}): WatchedOutlet {
  const { isSlow = false, isTerminal = false } = options;
  const stream = Object.assign(new PassThrough({ highWaterMark: 1024 }), { columns: 80, isTTY: isTerminal });
  const chunks: string[] = [];
  const read = () => void stream.on('data', (chunk: Buffer) => chunks.push(chunk.toString('utf8')));
  if (!isSlow) read();
  const leave = () => void stream.destroy(new Error('write EPIPE'));
  return { outlet: new Outlet(stream), stream, written: () => chunks.join(''), read, leave };
}
