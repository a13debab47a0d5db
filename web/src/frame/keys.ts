/** What a key does, and what to say of it. */
export interface Shortcut {
  /** `j`, `Shift+J`, `Mod+K` (Ctrl, or Command on a Mac), or two keys one after the other: `g r`. */
  readonly keys: string;
  readonly label: string;
  /** Left out for keys that are seen to elsewhere, such as where one types: they are only told of. */
  readonly act?: (press: Pick<KeyboardEvent, 'timeStamp' | 'repeat'>) => void;
}

export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

/** A key as shortcuts name it; null for one that no shortcut may have. */
export function nameOf({ key, ctrlKey, metaKey, altKey, shiftKey }: KeyPress): string | null {
  if (altKey || ['Control', 'Meta', 'Shift', 'Alt', 'AltGraph', 'Dead', 'Process'].includes(key)) return null;
  const isLetter = /^\p{L}$/u.test(key);
  const name = isLetter && (shiftKey || ctrlKey || metaKey) ? key.toUpperCase() : key;
  // Of other characters the key names what Shift has made of it: `?`.
  const shift = shiftKey && (isLetter || key.length > 1) ? 'Shift+' : '';
  return `${ctrlKey || metaKey ? 'Mod+' : ''}${shift}${name}`;
}

/** How long the second key of two may take, in milliseconds. */
const BETWEEN_MS = 1_200;

/** Finds what is meant by keys that come one after the other. */
export class KeyReader {
  #first: { readonly name: string; readonly at: number } | undefined;

  /** The shortcut that this key completes. Of two with the same keys it is the later one: a screen comes before the frame. */
  read(name: string, all: readonly Shortcut[], now: number): Shortcut | undefined {
    const shortcuts = all.filter(({ act }) => act !== undefined);
    const first = this.#first && now - this.#first.at <= BETWEEN_MS ? this.#first.name : undefined;
    this.#first = undefined;
    const both = first && shortcuts.findLast(({ keys }) => keys === `${first} ${name}`);
    if (both) return both;
    if (shortcuts.some(({ keys }) => keys.startsWith(`${name} `))) {
      this.#first = { name, at: now };
      return undefined;
    }
    // Whoever has begun a pair means no single key: the second may be one that says yes to something.
    if (first && !name.startsWith('Mod+')) return undefined;
    return shortcuts.findLast(({ keys }) => keys === name);
  }
}

/** Keys as they stand on the keyboard: `⌘ K`, `g then r`. */
export function inWords(keys: string, isMac: boolean): string[] {
  return keys.split(/[ +]/).map((key) => KEYS_IN_WORDS[key] ?? (key === 'Mod' ? (isMac ? '⌘' : 'Ctrl') : key));
}

const KEYS_IN_WORDS: Readonly<Record<string, string>> = { Escape: 'Esc', ArrowDown: '↓', ArrowUp: '↑' };
