import { fromUnknown } from '../../../src/errors.ts';
import { Store } from '../live/store.ts';

/** What was done, or could not be, said in a corner of the page. */
export interface Toast {
  readonly id: number;
  readonly kind: 'done' | 'failed';
  readonly text: string;
  /** More about it: of an error its remedy. */
  readonly detail: string | undefined;
  readonly action: ToastAction | undefined;
  /** For how long it stays, in milliseconds; null until somebody closes it. */
  readonly staysMs: number | null;
  /** Called once it has gone without its action. */
  readonly onGone: (() => void) | undefined;
}

export interface ToastAction {
  readonly label: string;
  readonly act: () => void;
}

export interface ToastOptions {
  readonly detail?: string;
  readonly action?: ToastAction;
  /** For how long it stays, in milliseconds (6,000); null until somebody closes it. It stays while the pointer or the focus is on it. */
  readonly staysMs?: number | null;
  /** Called once it has gone without its action: what it offered to undo holds from then on. */
  readonly onGone?: () => void;
}

const STAYS_MS = 6_000;
/** Older ones give way. */
const MAX_SHOWN = 4;

export class Toasts {
  readonly shown = new Store<readonly Toast[]>([]);
  #last = 0;

  /** Says that something was done. Returns what `close` takes. */
  done(text: string, { detail, action, staysMs = STAYS_MS, onGone }: ToastOptions = {}): number {
    return this.#add({ kind: 'done', text, detail, action, staysMs, onGone });
  }

  /** Says what could not be done, why, and what helps; it stays until somebody closes it. `text`: `The run could not be cancelled`. */
  failed(text: string, thrown: unknown, action?: ToastAction): number {
    const { message, remedy } = fromUnknown(thrown);
    return this.#add({
      kind: 'failed',
      text: `${text}: ${message}`,
      detail: remedy,
      action,
      staysMs: null,
      onGone: undefined,
    });
  }

  close(id: number): void {
    this.#take(id)?.onGone?.();
  }

  /** Does what it offers, and closes it. */
  act(id: number): void {
    this.#take(id)?.action?.act();
  }

  /** The same for the newest one that offers something, where there is one. */
  actOnNewest(): void {
    const newest = this.shown.value.findLast(({ action }) => action !== undefined);
    if (newest) this.act(newest.id);
  }

  #take(id: number): Toast | undefined {
    const toast = this.shown.value.find((one) => one.id === id);
    if (toast) this.shown.set(this.shown.value.filter((one) => one !== toast));
    return toast;
  }

  #add(toast: Omit<Toast, 'id'>): number {
    const id = ++this.#last;
    this.shown.set([...this.shown.value, { id, ...toast }]);
    for (const old of this.shown.value.slice(0, -MAX_SHOWN)) this.close(old.id);
    return id;
  }
}

export const toasts = new Toasts();
