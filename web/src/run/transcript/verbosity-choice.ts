import { Store } from '../../live/store.ts';
import { VERBOSITIES, type Verbosity } from './verbosity.ts';

export const VERBOSITY_WORDS: Readonly<Record<Verbosity, string>> = {
  everything: 'Everything',
  folded: 'Work folded',
  messages: 'Messages only',
};

const KEY = 'optio-codex.verbosity';

/** How much of a run this reader wants to see, kept by this browser. */
export const verbosity = new Store<Verbosity>(VERBOSITIES.find((one) => one === read()) ?? 'everything');

export function chooseVerbosity(chosen: Verbosity): void {
  verbosity.set(chosen);
  try {
    localStorage.setItem(KEY, chosen);
  } catch {
    // a browser that keeps nothing: then it holds until the page is left
  }
}

function read(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}
