export interface CtrlCOptions {
  readonly onFirst: () => void;
  /** Told what it was, for people. */
  readonly onSecond: (what: string) => void;
}

/** Ctrl-C, pressed once or twice. SIGTERM and a closed terminal mean what the second press means. */
export class CtrlC {
  readonly #options: CtrlCOptions;
  #presses = 0;
  readonly #press = () => this.press();
  readonly #end = (signal: NodeJS.Signals) => this.#options.onSecond(signal);

  constructor(options: CtrlCOptions) {
    this.#options = options;
    process.on('SIGINT', this.#press);
    process.on('SIGTERM', this.#end);
    process.on('SIGHUP', this.#end);
  }

  press(): void {
    this.#presses++;
    if (this.#presses === 1) this.#options.onFirst();
    else this.#options.onSecond('Ctrl-C');
  }

  /** What was interrupted is over: the next press is the first again. */
  reset(): void {
    this.#presses = 0;
  }

  release(): void {
    process.off('SIGINT', this.#press);
    process.off('SIGTERM', this.#end);
    process.off('SIGHUP', this.#end);
  }
}
