import type { CreateOptions } from './create-options.ts';

/** Runs with all of these tags. */
export interface GroupFilter {
  readonly metadata: Readonly<Record<string, string>>;
}

export interface GroupCancel {
  readonly reason: string;
  /** Until all of them have ended no more like them are launched (false). */
  readonly block?: boolean;
}

/** Runs with all of these tags; all runs when there are none. */
export interface BlockFilter {
  readonly metadata?: Readonly<Record<string, string>>;
}

export interface BlockOptions extends CreateOptions {
  /** Told to whoever is refused. */
  readonly reason: string;
  /** It holds over restarts, until it is released (false). */
  readonly persist?: boolean;
}

/** A block that holds until it is released. Leaving its scope releases it too, unless it is to hold over restarts. */
export interface LaunchBlock extends AsyncDisposable {
  readonly id: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly reason: string;
  readonly createdAt: string;
  readonly isPersistent: boolean;
  release(): Promise<void>;
}
