import type { OpenRequest } from '../../../src/contract/run-summary.ts';

/** A request in the inbox. One that somebody has answered stays in its place, so that nothing jumps under one's hand. */
export interface InboxEntry {
  readonly key: string;
  readonly opened: OpenRequest;
  readonly isOpen: boolean;
}

/** The inbox after the list of open requests has changed. New ones come last; the list is the oldest first. */
export function nextInbox(before: readonly InboxEntry[], open: ReadonlyMap<string, OpenRequest>): InboxEntry[] {
  const kept = before.map((entry) => {
    const opened = open.get(entry.key);
    if (opened) return entry.isOpen && entry.opened === opened ? entry : { ...entry, opened, isOpen: true };
    return entry.isOpen ? { ...entry, isOpen: false } : entry;
  });
  const known = new Set(before.map(({ key }) => key));
  const added = [...open].flatMap(([key, opened]) => (known.has(key) ? [] : [{ key, opened, isOpen: true }]));
  return [...kept, ...added.toSorted((a, b) => (a.opened.openedAt < b.opened.openedAt ? -1 : 1))];
}

/** The inbox without what needs no answer any more. */
export function onlyOpen(entries: readonly InboxEntry[]): InboxEntry[] {
  return entries.filter(({ isOpen }) => isOpen);
}
