import { relative } from 'node:path';
import type { FileChange, Item } from '../../contract/item.ts';
import type { Screen } from '../terminal/screen.ts';
import type { Style } from '../terminal/style.ts';
import { printable, printableName } from '../terminal/text.ts';

/** Lines of one diff that are shown; the journal has all of it. */
const MAX_LINES = 200;
const SIGNS = { add: '+', delete: '-', update: '~', move: '→' };

/** Changed files, each with its diff. */
export class ChangeView {
  readonly #screen: Screen;
  readonly #style: Style;
  /** Paths in it are shown as they are within it. */
  workspace = '';

  constructor(screen: Screen, style: Style) {
    this.#screen = screen;
    this.#style = style;
  }

  /** What the agent changed, or could not. */
  showItem(item: Extract<Item, { kind: 'fileChange' }>): void {
    for (const change of item.changes) this.show(change);
    if (item.status !== 'completed') this.#screen.line(`  ${this.#style.bad(`✗ ${item.status}`)}`);
    this.#screen.line();
  }

  show(change: FileChange): void {
    const moved = change.movedTo ? ` → ${this.#path(change.movedTo)}` : '';
    const path = this.#style.strong(this.#path(change.path));
    this.#screen.line(`${this.#style.command(SIGNS[change.kind])} ${path}${moved}`);
    const lines = change.diff === '' ? [] : printable(change.diff).replace(/\n$/, '').split('\n');
    for (const line of lines.slice(0, MAX_LINES)) this.#screen.line(`  ${this.#diffLine(change, line)}`);
    const hidden = lines.length - MAX_LINES;
    if (hidden > 0) this.#screen.line(this.#style.quiet(`  … ${hidden} more lines`));
  }

  /** A new file comes as its content, everything else as a unified diff. */
  #diffLine(change: FileChange, line: string): string {
    if (change.kind === 'add') return this.#style.added(`+${line}`);
    if (change.kind === 'delete') return this.#style.removed(`-${line}`);
    if (line.startsWith('+')) return this.#style.added(line);
    if (line.startsWith('-')) return this.#style.removed(line);
    return line.startsWith('@@') ? this.#style.place(line) : line;
  }

  #path(path: string): string {
    const inside = this.workspace === '' ? path : relative(this.workspace, path);
    return printableName(inside.startsWith('..') ? path : inside);
  }
}
