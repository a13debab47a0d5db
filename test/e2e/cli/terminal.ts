import { execFile, execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { onTestFinished, vi } from 'vitest';
import { type CommandPlace, MAIN } from './command.ts';

export interface TerminalOptions {
  readonly columns?: number;
  readonly rows?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** What is run instead of the command of ours. */
  readonly command?: readonly string[];
}

/** All that was shown, also what has scrolled away; lines that the terminal broke are whole again. */
const WHOLE = ['capture-pane', '-p', '-J', '-S', '-'];

/** The terminal itself knows nothing of the place, or it would count as one of its processes. */
const OPTIONS = {
  env: { PATH: process.env.PATH ?? '', HOME: '/nonexistent', TERM: 'xterm-256color', LANG: 'C.UTF-8' },
  encoding: 'utf8' as const,
  stdio: 'pipe' as const,
};

/** How many terminals were opened. */
let opened = 0;

/** A real terminal with the command in it, and somebody at its keys. */
export class Terminal {
  readonly #arguments: readonly string[];

  private constructor(socket: string) {
    this.#arguments = ['-S', socket, '-f', '/dev/null'];
  }

  /** The command's end is told on the last line, `[exit code N]`, and the terminal stays open. */
  static open(place: CommandPlace, argv: readonly string[], options: TerminalOptions = {}): Terminal {
    const { columns = 100, rows = 40, env = {}, command = [process.execPath, MAIN] } = options;
    // One that was closed a moment ago may still be about to end.
    const socket = join(place.home, '..', `tmux-${++opened}.sock`);
    const variables = Object.entries({ ...place.env, TERM: 'xterm-256color', ...env }).map((pair) => pair.join('='));
    const words = ['env', '-i', ...variables, ...command, ...argv].map(quote).join(' ');
    const line = `cd ${quote(place.workspace)}; trap : INT; ${words}; echo "[exit code $?]"; trap '' INT; exec cat`;
    const size = ['-x', String(columns), '-y', String(rows)];
    const terminal = new Terminal(socket);
    const start = ['new-session', '-d', ...size, 'sh', '-c', line];
    terminal.#tmux('set', '-g', 'history-limit', '5000', ';', ...start);
    onTestFinished(() => terminal.hangUp());
    return terminal;
  }

  text(): string {
    return this.#tmux(...WHOLE).trimEnd();
  }

  /** Each line as it stands there. */
  rows(): string[] {
    return this.#tmux('capture-pane', '-p', '-S', '-').trimEnd().split('\n');
  }

  /** The same with its escape codes. */
  coloured(): string {
    return this.#tmux('capture-pane', '-e', '-p', '-S', '-');
  }

  /** Waits until something stands there, so many times. */
  async shows(expected: string, times = 1): Promise<void> {
    let seen = '';
    // Not `until`: each look starts a process, and the model that the command talks with lives in this one.
    const look = async () => {
      seen = await this.#read(...WHOLE);
      if (seen.split(expected).length <= times) throw new Error(`"${expected}" is not on the screen:\n${seen}`);
    };
    await vi.waitFor(look, { timeout: 45_000, interval: 50 });
  }

  /** Waits for the end of the command, and gives its exit code. */
  async exitCode(): Promise<number> {
    await this.shows('[exit code ');
    return Number(/\[exit code (\d+)\]/.exec(this.text())?.[1]);
  }

  type(text: string): void {
    this.keys(text);
    this.press('Enter');
  }

  /** Pastes, as a terminal does that marks what is pasted. */
  paste(text: string): void {
    this.#tmux('set-buffer', text, ';', 'paste-buffer', '-p');
  }

  /** Presses the keys of a text, and not Enter. */
  keys(text: string): void {
    this.#tmux('send-keys', '-l', text);
  }

  press(key: 'Enter' | 'Tab' | 'C-c' | 'C-d' | 'C-u' | 'C-z'): void {
    this.#tmux('send-keys', key);
  }

  /** The rows that one sees now. */
  screen(): string[] {
    return this.#tmux('capture-pane', '-p').trimEnd().split('\n');
  }

  resize(columns: number, rows: number): void {
    this.#tmux('resize-window', '-x', String(columns), '-y', String(rows));
  }

  /** Closes the terminal, as when its window is closed. */
  hangUp(): void {
    try {
      this.#tmux('kill-server');
    } catch {
      // It is closed already.
    }
  }

  #tmux(...args: string[]): string {
    return execFileSync('tmux', [...this.#arguments, ...args], OPTIONS);
  }

  async #read(...args: string[]): Promise<string> {
    return (await promisify(execFile)('tmux', [...this.#arguments, ...args], OPTIONS)).stdout;
  }
}

function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
