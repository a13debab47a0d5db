import { useEffect, useRef } from 'react';
import type { Entry } from './entries.ts';

const sources = new Set<() => readonly Entry[]>();

/** Puts what a screen can do into the palette, while it is shown. */
export function useCommands(commands: readonly Entry[]): void {
  const latest = useRef(commands);
  useEffect(() => {
    latest.current = commands;
  });
  useEffect(() => {
    const source = () => latest.current;
    sources.add(source);
    return () => void sources.delete(source);
  }, []);
}

/** All that the screens which are shown can do now. */
export function shownCommands(): Entry[] {
  return [...sources].flatMap((source) => source());
}
