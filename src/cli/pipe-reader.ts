import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Somebody's end of a pipe, as `/proc` shows it. */
export interface PipeEnd {
  readonly path: string;
  readonly pipe: string;
}

/** Who reads the pipe that we write to; undefined when it is none, or nobody of ours does. */
export function findReader(fd: number): PipeEnd | undefined {
  const pipe = linkAt(`/proc/self/fd/${fd}`);
  if (!pipe?.startsWith('pipe:')) return undefined;
  for (const pid of namesIn('/proc')) {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) continue;
    const mine = namesIn(`/proc/${pid}/fd`).find((one) => {
      return linkAt(`/proc/${pid}/fd/${one}`) === pipe && isForReading(`/proc/${pid}/fdinfo/${one}`);
    });
    if (mine !== undefined) return { path: `/proc/${pid}/fd/${mine}`, pipe };
  }
  return undefined;
}

/** Whether it is there still. */
export function isThere({ path, pipe }: PipeEnd): boolean {
  return linkAt(path) === pipe;
}

function isForReading(path: string): boolean {
  try {
    const [, flags = '1'] = /^flags:\s*(\d+)/m.exec(readFileSync(path, 'utf8')) ?? [];
    return (Number.parseInt(flags, 8) & 3) === 0;
  } catch {
    return false;
  }
}

function linkAt(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined; // it has ended, or is somebody else's
  }
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
