/** What a promise gives, if it gives it within this time, in milliseconds. Throws `TimeoutError` otherwise. */
export async function inTime<T>(promise: Promise<T>, ms: number): Promise<T> {
  const { promise: silence, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new DOMException(`it was silent for ${ms} ms`, 'TimeoutError')), ms);
  try {
    return await Promise.race([promise, silence]);
  } finally {
    clearTimeout(timer);
  }
}

/** The same for work that is called off when its time is over. */
export async function withDeadline<T>(
  ms: number | undefined,
  work: (signal: AbortSignal | undefined) => Promise<T>,
): Promise<T> {
  if (ms === undefined) return work(undefined);
  const over = new AbortController();
  try {
    return await inTime(work(over.signal), ms);
  } finally {
    over.abort();
  }
}
