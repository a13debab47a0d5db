import { useEffect, useState } from 'react';
import { full, local, relative } from './moment.ts';

/** A time as one says it, and, on it, as the clock shows it here. */
export function Time({ at, isFull = false }: { readonly at: string; readonly isFull?: boolean }) {
  const now = useNow();
  const time = new Date(at);
  const clock = local(time, now);
  return (
    <time dateTime={at} title={full(at)}>
      {isFull ? `${clock} (${relative(time, now)})` : relative(time, now)}
    </time>
  );
}

/** The time, to half a minute. */
function useNow(): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), 30_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
