/** How often it is looked whether anybody needs us, at most, in milliseconds. */
const MAX_LOOK_MS = 60_000;

export interface IdleWatchOptions {
  /** After how long without a need it is over, in milliseconds. */
  readonly idleMs: number;
  /** Whether somebody needs us now. Where that cannot be told, somebody does. */
  readonly isNeeded: () => Promise<boolean>;
  /** When somebody last asked for something; as `performance.now()`. */
  readonly lastUsed: () => number;
  /** Called again and again for as long as it stays so. */
  readonly onIdle: () => void;
}

/** Ends what nobody needs any more: a server that a command has started does not stay for ever. Gives what calls it off. */
export function watchIdle({ idleMs, isNeeded, lastUsed, onIdle }: IdleWatchOptions): () => void {
  let neededAt = performance.now();
  let isOver = false;
  const isIdle = () => performance.now() - Math.max(neededAt, lastUsed()) >= idleMs;
  const look = async () => {
    if (await isNeeded().catch(() => true)) neededAt = performance.now();
    else if (isIdle() && !isOver) onIdle();
  };
  const timer = setInterval(() => void look(), Math.max(50, Math.min(MAX_LOOK_MS, idleMs / 4)));
  timer.unref();
  return () => {
    isOver = true;
    clearInterval(timer);
  };
}
