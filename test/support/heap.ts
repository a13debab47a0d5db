import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** What this process holds on to, in bytes. */
export function heap(): number {
  collect();
  collect(); // a thread of V8 gives back the memory of buffers, late on a busy machine; the next collection waits for it
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
