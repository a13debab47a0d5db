import { watch } from 'node:fs';

/** See `Host.watch`. Where the system cannot tell of changes, or not any more, nobody is called. */
export function watchDirectory(directory: string, onChange: () => void): () => void {
  try {
    const watcher = watch(directory, { persistent: false }, onChange);
    watcher.on('error', () => watcher.close());
    return () => watcher.close();
  } catch {
    return () => {};
  }
}
