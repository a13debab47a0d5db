/** Something that this browser keeps for the page. A browser that keeps nothing gives what there is without. */
export function readKept<T>(key: string, otherwise: T, isFit: (value: unknown) => value is T): T {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key) ?? 'null');
    return isFit(kept) ? kept : otherwise;
  } catch {
    return otherwise;
  }
}

/** Tells whether it is kept. */
export function keep(key: string, value: unknown): boolean {
  try {
    localStorage.setItem(key, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

/** Takes over what was kept under another name, once: what is kept under the new one counts. */
export function renameKept(from: string, to: string): void {
  try {
    const kept = localStorage.getItem(from);
    if (kept === null) return;
    if (localStorage.getItem(to) === null) localStorage.setItem(to, kept);
    localStorage.removeItem(from);
  } catch {
    // Then it stays where it is.
  }
}

export function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string');
}
