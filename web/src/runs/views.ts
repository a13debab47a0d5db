import { type Filter, readFilter, withFilter } from './filter.ts';
import { readSort, type Sort, writeSort } from './order.ts';

/** What somebody wants to see of the list again: which runs, and in which order. */
export interface SavedView {
  readonly id: string;
  readonly name: string;
  /** As an address says it. */
  readonly query: string;
}

/** What an address calls the view that one has chosen. */
export const VIEW = 'view';

export function queryOf(filter: Filter, sort: Sort | null): string {
  const address = withFilter(new URLSearchParams(), filter);
  if (sort) address.set('sort', writeSort(sort));
  return address.toString();
}

export function addressOfView({ id, query }: SavedView): string {
  const address = new URLSearchParams(query);
  address.set(VIEW, id);
  return `/?${address}`;
}

/** Whether this is what the view shows, in whatever order an earlier version has written it down. */
export function shows(view: SavedView, filter: Filter, sort: Sort | null): boolean {
  const address = new URLSearchParams(view.query);
  return queryOf(readFilter(address), readSort(address.get('sort'))) === queryOf(filter, sort);
}

export function isViews(value: unknown): value is SavedView[] {
  return Array.isArray(value) && value.every(isView);
}

function isView(value: unknown): value is SavedView {
  if (typeof value !== 'object' || value === null) return false;
  const { id, name, query } = value as Record<string, unknown>;
  return [id, name, query].every((text) => typeof text === 'string');
}

/** The views with this one, in the place of the one with its id, or at the end. */
export function withView(views: readonly SavedView[], view: SavedView): SavedView[] {
  if (!views.some(({ id }) => id === view.id)) return [...views, view];
  return views.map((one) => (one.id === view.id ? view : one));
}

/** Why a view cannot be called so; undefined where it can. */
export function problemOfName(name: string, others: readonly SavedView[]): string | undefined {
  if (name.trim() === '') return 'Give it a name.';
  const isTaken = others.some((other) => other.name.toLowerCase() === name.trim().toLowerCase());
  return isTaken ? 'Another view has that name.' : undefined;
}
