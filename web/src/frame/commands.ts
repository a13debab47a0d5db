import { useEffect, useRef } from 'react';
import { useShortcuts } from './shortcuts.ts';

/** Something that one can do on a screen: the palette offers it, and its keys do it. */
export interface Command {
  readonly id: string;
  readonly label: string;
  /** Other words to find it by. */
  readonly words?: string | undefined;
  readonly keys?: string | undefined;
  readonly act: () => void;
}

interface Group {
  readonly name: string;
  readonly commands: () => readonly Command[];
}

/** What can be done on the screen that is shown. */
const groups = new Set<Group>();

/** Offers commands while this is shown. `name`: what they belong to, as the palette and the map of the keyboard tell it. */
export function useCommands(name: string, commands: readonly Command[]): void {
  const latest = useRef(commands);
  useEffect(() => {
    latest.current = commands;
  });
  useEffect(() => {
    const group: Group = { name, commands: () => latest.current };
    groups.add(group);
    return () => void groups.delete(group);
  }, [name]);
  useShortcuts(
    name,
    commands.flatMap(({ keys, label, act }) => (keys === undefined ? [] : [{ keys, label, act }])),
  );
}

/** All that is offered now, by what it belongs to. */
export function shownCommands(): { readonly name: string; readonly commands: readonly Command[] }[] {
  return [...groups].map(({ name, commands }) => ({ name, commands: commands() }));
}
