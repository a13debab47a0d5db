import { execFileSync } from 'node:child_process';

/** Makes a named pipe, which blocks whoever opens it while nobody is at its other end. */
export function makePipe(path: string): string {
  execFileSync('sh', ['-c', 'mkfifo -- "$1"', 'sh', path]);
  return path;
}
