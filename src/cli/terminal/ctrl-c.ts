export interface CtrlCOptions {
  /** Each is told which signal it was, or would have been. */
  readonly onFirst: (signal: NodeJS.Signals) => void;
  readonly onSecond: (signal: NodeJS.Signals) => void;
  /** The process is to end, or its terminal was closed; as the second press, unless given. */
  readonly onEnd?: (signal: NodeJS.Signals) => void;
}

/** Ctrl-C, pressed once or twice, and the other signals that end a process. */
export class CtrlC {
  readonly #options: CtrlCOptions;
  #presses = 0;
  readonly #press = () => this.press();
  readonly #end = (signal: NodeJS.Signals) => (this.#options.onEnd ?? this.#options.onSecond)(signal);

  constructor(options: CtrlCOptions) {
    this.#options = options;
    process.on('SIGINT', this.#press);
    process.on('SIGTERM', this.#end);
    process.on('SIGHUP', this.#end);
  }

  /** It was pressed once, and once more has another meaning. */
  get isPressed(): boolean {
    return this.#presses > 0;
  }

  press(signal: NodeJS.Signals = 'SIGINT'): void {
    this.#presses++;
    if (this.#presses === 1) this.#options.onFirst(signal);
    else this.#options.onSecond(signal);
  }

  /** The next press is the first again. */
  reset(): void {
    this.#presses = 0;
  }

  release(): void {
    process.off('SIGINT', this.#press);
    process.off('SIGTERM', this.#end);
    process.off('SIGHUP', this.#end);
  }
}
