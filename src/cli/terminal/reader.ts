export interface ReadOptions {
  /** Ends the reading, with a rejection. */
  readonly signal: AbortSignal;
  /** What is typed is not shown. */
  readonly isSecret?: boolean;
}

/** Asks a person for a line. */
export interface Reader {
  /** What somebody types, without the spaces around it; undefined when the terminal is closed. */
  read(label: string, options: ReadOptions): Promise<string | undefined>;
}

/** Where a person types during a conversation: messages, commands, and the answers to questions. */
export interface Composer extends Reader {
  open(): void;
  /** Takes the terminal back, and gives what was being typed. */
  close(): string;
  /** A text that could not be sent is to be typed again. */
  restore(text: string): void;
  /** A text that was sent, by whomever, may be taken up again. */
  remember(text: string): void;
  /** Whether Codex waits for the next message. */
  expect(isExpected: boolean): void;
}

/** What a person does there. */
export interface ComposerEvents {
  readonly onMessage: (text: string) => void;
  /** A line that begins with `/`; false when it is no command, and is meant as it stands. */
  readonly onCommand: (text: string) => boolean;
  readonly onInterrupt: () => void;
  /** Another key than Ctrl-C. */
  readonly onKey: () => void;
  /** Ctrl-D on an empty line. */
  readonly onDetach: () => void;
  /** The terminal is closed. */
  readonly onEnd: () => void;
}
