import type { Item } from '../../contract/item.ts';
import type { Screen } from '../terminal/screen.ts';
import type { Style } from '../terminal/style.ts';
import { duration, printable } from '../terminal/text.ts';
import { type Untold, untoldOf } from './untold.ts';

/** Lines of one command's output that are shown; the journal has all of it. */
const MAX_LINES = 40;
/** Characters of one line of output. */
const MAX_LINE = 2_000;
const LINE_END = /\r\n|\n/;
/** What a carriage return has written over, in a line. One at the end of what came may be the first half of a line end. */
const OVERWRITTEN = /^.*\r(?=[^\r])/s;

/** How much of what came is compared with what the command has put out in all, in characters. */
const MAX_COMPARED = 1024 * 1024;

/** What came of a command's output by now. */
interface Output {
  readonly lines: number;
  /** Of the last line, which has no end yet. */
  readonly rest: string;
  /** All of it; undefined once it is too much. */
  readonly text: string | undefined;
}

type Command = Extract<Item, { kind: 'command' }>;

/** The commands of the agent: what they are, what they put out, and how they end. */
export class CommandView {
  readonly #screen: Screen;
  readonly #style: Style;
  readonly #outputs = new Map<string, Output>();
  /** Those that were begun, and have not ended. */
  readonly #open = new Set<string>();

  constructor(screen: Screen, style: Style) {
    this.#screen = screen;
    this.#style = style;
  }

  /** What comes now comes between a command and its end. */
  get isOpen(): boolean {
    return this.#open.size > 0;
  }

  start(command: Command): void {
    this.#open.add(command.id);
    const lines = printable(command.command).split('\n');
    // Its further lines are indented, or they could pass for lines of ours.
    const text = lines.map((line) => this.#style.strong(line)).join('\n  ');
    this.#screen.line(`${this.#style.command('$')} ${text}`);
  }

  /** Pieces end anywhere; a line is shown when it is whole, or too long to wait for. */
  output(id: string, text: string): void {
    this.#screen.startLine();
    const seen = this.#outputs.get(id) ?? { lines: 0, rest: '', text: '' };
    const lines = (seen.rest + text).split(LINE_END);
    let rest = (lines.pop() ?? '').replace(OVERWRITTEN, '');
    if (rest.length > MAX_LINE) {
      lines.push(rest);
      rest = '';
    }
    for (const line of lines.slice(0, Math.max(0, MAX_LINES - seen.lines))) this.#line(line);
    const all = seen.text === undefined || seen.text.length > MAX_COMPARED ? undefined : seen.text + text;
    this.#outputs.set(id, { lines: seen.lines + lines.length, rest, text: all });
  }

  end(command: Command): void {
    const { id, durationMs } = command;
    // Codex may have begun it while nobody of us was there to be told.
    if (!this.#open.delete(id) && !this.#outputs.has(id)) {
      this.start(command);
      this.#open.delete(id);
    }
    const told = this.#outputs.get(id)?.text;
    if (!this.#outputs.has(id)) this.output(id, command.output);
    if (this.#outputs.get(id)?.rest) this.output(id, '\n');
    this.#more((this.#outputs.get(id)?.lines ?? 0) - MAX_LINES);
    this.#showUntold(untoldOf(command.output, told));
    this.#outputs.delete(id);
    const took = durationMs ? this.#style.quiet(` · ${duration(durationMs)}`) : '';
    this.#screen.line(`  ${this.#verdict(command)}${took}\n`);
  }

  /** Nothing more comes of those that have not ended: their run is over. */
  endAll(): void {
    for (const id of this.#open) {
      if (this.#outputs.get(id)?.rest) this.output(id, '\n');
      this.#screen.line(`  ${this.#style.warn('■ not finished: stopped with the run')}\n`);
    }
    this.#open.clear();
    this.#outputs.clear();
  }

  /** Codex does not tell everything while it happens, the beginning above all. */
  #showUntold({ text, isWhole }: Untold): void {
    if (text.trim() === '') return;
    const lines = text.replace(/\r?\n$/, '').split(LINE_END);
    const what = isWhole
      ? '(not all of that was told while the command ran; the whole of it:)'
      : '(and this, of which Codex told nothing while the command ran:)';
    this.#screen.line(this.#style.quiet(`  │ ${what}`));
    for (const line of lines.slice(0, MAX_LINES)) this.#line(line);
    this.#more(lines.length - MAX_LINES);
  }

  #line(line: string): void {
    const seen = line.replace(OVERWRITTEN, '').replace(/\r+$/, '');
    this.#screen.line(this.#style.quiet(`  │ ${printable(seen.slice(0, MAX_LINE))}`));
  }

  #more(hidden: number): void {
    if (hidden > 0) this.#screen.line(this.#style.quiet(`  │ … ${hidden} more lines`));
  }

  #verdict({ status, exitCode }: Command): string {
    const { good, bad } = this.#style;
    if (status === 'declined') return bad('✗ declined');
    if (exitCode === undefined) return bad('✗ no exit code');
    if (exitCode < 0) return bad('✗ stopped');
    return exitCode === 0 ? good('✓ exit code 0') : bad(`✗ exit code ${exitCode}`);
  }
}
