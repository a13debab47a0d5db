const BEGINNING = '#item-';

/** What a row is called in an address, wherever it stands. */
export function nameOf(key: string): string {
  return key.replace(/^below\//, '');
}

/** The part of an address that names a row. */
export function hashOf(key: string): string {
  return `${BEGINNING}${encodeURIComponent(nameOf(key))}`;
}

/** The row that an address names; null for none. */
export function nameInAddress(hash: string): string | null {
  if (!hash.startsWith(BEGINNING)) return null;
  try {
    return decodeURIComponent(hash.slice(BEGINNING.length));
  } catch {
    return null;
  }
}

const FIND = 'find';

/** What the address says to look for in the transcript; empty for nothing. */
export function findInAddress(): string {
  return new URLSearchParams(location.search).get(FIND) ?? '';
}

/** Takes that out of the address, where a reload would find it. */
export function forgetFindInAddress(): void {
  const url = new URL(location.href);
  if (!url.searchParams.has(FIND)) return;
  url.searchParams.delete(FIND);
  history.replaceState(history.state, '', url);
}
