import { fromUnknown, type OptioError } from '../../../src/errors.ts';
import { Store } from '../live/store.ts';
import { counted } from './figures.ts';

/** What was done, is being done, or could not be, said in a corner of the page. */
export interface Toast {
  readonly id: number;
  readonly kind: 'done' | 'doing' | 'failed';
  readonly text: string;
  /** More about it: of an error its remedy. */
  readonly detail: string | undefined;
  readonly action: ToastAction | undefined;
  /** What it is about, one by one, and what there is to say of each. */
  readonly each: readonly ToastPart[];
  /** Of what goes on, how much of it is done. */
  readonly progress: Progress | undefined;
  /** For how long it stays, in milliseconds; null until somebody closes it. */
  readonly staysMs: number | null;
  /** Called once it has gone without its action. */
  readonly onGone: (() => void) | undefined;
}

export interface ToastPart {
  readonly id: string;
  readonly name: string;
  readonly text: string;
}

interface Progress {
  readonly done: number;
  readonly of: number;
}

interface ToastAction {
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

const NOTHING_MORE = {
  detail: undefined,
  action: undefined,
  each: [],
  progress: undefined,
  staysMs: null,
  onGone: undefined,
} as const;

const STAYS_MS = 6_000;
/** Older ones give way. */
const MAX_SHOWN = 4;

export class Toasts {
  readonly shown = new Store<readonly Toast[]>([]);
  #last = 0;

  /** Says that something was done. Returns what `close` takes. */
  done(text: string, { detail, action, staysMs = STAYS_MS, onGone }: ToastOptions = {}): number {
    return this.#add({ ...NOTHING_MORE, kind: 'done', text, detail, action, staysMs, onGone });
  }

  /** Says what could not be done, why, and what helps; it stays until somebody closes it. `text`: `The run could not be cancelled`. */
  failed(text: string, thrown: unknown): number {
    const { message, remedy } = fromUnknown(thrown);
    return this.#failed(`${text}: ${message}`, remedy, []);
  }

  /** The same of several runs, each with its own reason; nothing where none has failed. `text`: `could not be cancelled`. */
  failedEach(
    text: string,
    runs: readonly { readonly id: string; readonly name: string }[],
    failures: readonly { readonly id: string; readonly error: OptioError }[],
  ): void {
    const [first, second] = failures;
    if (!first) return;
    const nameOf = (id: string) => runs.find((run) => run.id === id)?.name ?? id;
    if (!second) {
      this.#failed(`“${nameOf(first.id)}” ${text}: ${first.error.message}`, first.error.remedy, []);
      return;
    }
    const remedies = new Set(failures.map(({ error }) => error.remedy));
    this.#failed(
      `${counted(failures.length, 'run')} ${text}`,
      remedies.size === 1 ? first.error.remedy : undefined,
      failures.map(({ id, error }) => ({
        id,
        name: nameOf(id),
        text: remedies.size === 1 ? error.message : [error.message, error.remedy].filter(Boolean).join(' '),
      })),
    );
  }

  /** Says what goes on, until it is closed; `advance` tells how far that is. `text`: `Archiving`. */
  doing(text: string, of: number): number {
    return this.#add({ ...NOTHING_MORE, kind: 'doing', text, progress: { done: 0, of } });
  }

  /** Something of what goes on is done, or has failed. */
  advance(id: number): void {
    this.shown.set(
      this.shown.value.map((toast) => {
        if (toast.id !== id || !toast.progress) return toast;
        return { ...toast, progress: { ...toast.progress, done: toast.progress.done + 1 } };
      }),
    );
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

  #failed(text: string, detail: string | undefined, each: readonly ToastPart[]): number {
    return this.#add({ ...NOTHING_MORE, kind: 'failed', text, detail, each });
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
