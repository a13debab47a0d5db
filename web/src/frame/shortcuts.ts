import { useEffect, useRef } from 'react';
import { Store } from '../live/store.ts';
import { KeyReader, nameOf, type Shortcut } from './keys.ts';

interface Group {
  readonly name: string;
  readonly shortcuts: () => readonly Shortcut[];
}

/** The keys that do something on the screen that is shown; those of the frame come first. */
const groups = new Set<Group>();

/** Whether single keys do anything: whoever dictates may want them not to. */
export const singleKeys = new Store(localStorage.getItem('keys') !== 'off');

export function setSingleKeys(isOn: boolean): void {
  if (isOn) localStorage.removeItem('keys');
  else localStorage.setItem('keys', 'off');
  singleKeys.set(isOn);
}

/** Gives keys a meaning while this is shown. `name`: what they belong to, as the map of the keyboard tells it. */
export function useShortcuts(name: string, shortcuts: readonly Shortcut[]): void {
  const latest = useRef(shortcuts);
  useEffect(() => {
    latest.current = shortcuts;
  });
  useEffect(() => {
    const group: Group = { name, shortcuts: () => latest.current };
    groups.add(group);
    return () => void groups.delete(group);
  }, [name]);
}

/** All that have a meaning now, by what they belong to. */
export function shownShortcuts(): { readonly name: string; readonly shortcuts: readonly Shortcut[] }[] {
  return [...Map.groupBy(groups, ({ name }) => name)].map(([name, its]) => ({
    name,
    shortcuts: its.flatMap(({ shortcuts }) => shortcuts()),
  }));
}

/** Listens to the keyboard. The returned function ends that. */
export function listenToKeys(): () => void {
  const reader = new KeyReader();
  const onKeyDown = (event: KeyboardEvent) => {
    const name = event.defaultPrevented || event.isComposing ? null : nameOf(event);
    if (name === null) return;
    const isSingle = !name.startsWith('Mod+');
    if (isSingle && (!singleKeys.value || takesKeys(event.target))) return;
    if (isInDialog(event.target)) return;
    const shortcut = reader.read(
      name,
      [...groups].flatMap((group) => group.shortcuts()),
      event.timeStamp,
    );
    if (!shortcut?.act) return;
    event.preventDefault();
    shortcut.act(event);
  };
  addEventListener('keydown', onKeyDown);
  return () => removeEventListener('keydown', onKeyDown);
}

/** One types there, or keys have a meaning of their own. */
function takesKeys(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !['checkbox', 'radio', 'button', 'submit'].includes(target.type);
  return target.isContentEditable || target.closest('textarea, select, [role=menu], [role=listbox]') !== null;
}

function isInDialog(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('[role=dialog], [role=alertdialog]') !== null;
}
