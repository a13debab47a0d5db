/** How a file has changed. */
export type DiffKind = 'add' | 'delete' | 'update' | 'move';

/** A line of a diff, with its numbers before and after; a `gap` stands for lines that are the same and left out. */
export interface DiffLine {
  readonly kind: 'same' | 'added' | 'removed' | 'gap' | 'note';
  readonly before: number | null;
  readonly after: number | null;
  readonly text: string;
}

/** The lines of a file that was added or deleted, of its whole content; whatever that looks like. */
export function linesOfContent(kind: 'add' | 'delete', content: string): DiffLine[] {
  return textLines(content).map((text, at) =>
    kind === 'add'
      ? { kind: 'added', before: null, after: at + 1, text }
      : { kind: 'removed', before: at + 1, after: null, text },
  );
}

const HUNK = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/;
/** What stands before the first hunk of a file; its path and its kind are told elsewhere. */
const HEADER =
  /^(diff --git |index |--- |\+\+\+ |(new|deleted) file mode |(old|new) mode |(dis)?similarity index |(rename|copy) (from|to) )/;

/**
 * The lines of a unified diff. Somebody may be about to approve it, so nothing is left out: what belongs to no hunk, or to one
 * that says another length than it has, is shown as it came.
 */
export function linesOf(diff: string): DiffLine[] {
  const reader = new HunkReader();
  const lines = textLines(diff);
  for (const line of lines) reader.read(line);
  // What has no hunks, such as a file that was only renamed, or is no diff at all, is shown as it came.
  return reader.hasHunks ? reader.lines : lines.map(asNote);
}

class HunkReader {
  readonly lines: DiffLine[] = [];
  hasHunks = false;
  #isInHeader = true;
  /** The numbers of the next lines, and how many of the hunk are left. */
  #before = 0;
  #after = 0;
  #beforeLeft = 0;
  #afterLeft = 0;
  #shown = 0;

  read(line: string): void {
    const isInHunk = this.#beforeLeft > 0 || this.#afterLeft > 0;
    if (isInHunk && this.#readChange(line)) return;
    if (!isInHunk && this.#readHead(line)) return;
    if (!isInHunk && this.#isInHeader && HEADER.test(line)) return;
    if (isInHunk) [this.#beforeLeft, this.#afterLeft] = [0, 0]; // it says more than it has
    this.lines.push(asNote(line[0] === '\\' ? line.slice(1).trim() : line));
  }

  #readHead(line: string): boolean {
    const found = HUNK.exec(line);
    if (!found) return false;
    const [, before = '1', beforeLeft = '1', after = '1', afterLeft = '1'] = found;
    [this.#before, this.#after] = [Number(before), Number(after)];
    [this.#beforeLeft, this.#afterLeft] = [Number(beforeLeft), Number(afterLeft)];
    if (this.#before > this.#shown + 1) this.lines.push({ kind: 'gap', before: null, after: null, text: '' });
    this.#isInHeader = false;
    return true;
  }

  #readChange(line: string): boolean {
    const sign = line[0] ?? ' ';
    const isAdded = sign === '+' && this.#afterLeft > 0;
    const isRemoved = sign === '-' && this.#beforeLeft > 0;
    const isSame = sign === ' ' && this.#beforeLeft > 0 && this.#afterLeft > 0;
    if (!isAdded && !isRemoved && !isSame) return false;
    this.hasHunks = true;
    this.lines.push({
      kind: isAdded ? 'added' : isRemoved ? 'removed' : 'same',
      before: isAdded ? null : this.#before++,
      after: isRemoved ? null : this.#after++,
      text: line.slice(1),
    });
    if (!isAdded) this.#beforeLeft--;
    if (!isRemoved) this.#afterLeft--;
    this.#shown = this.#before - 1;
    return true;
  }
}

function asNote(text: string): DiffLine {
  return { kind: 'note', before: null, after: null, text };
}

function textLines(text: string): string[] {
  if (text === '') return [];
  return text.replace(/\n$/, '').split('\n');
}

/** How many lines come and go. */
export function sizeOf(lines: readonly DiffLine[]): { readonly added: number; readonly removed: number } {
  const count = (kind: DiffLine['kind']) => lines.filter((line) => line.kind === kind).length;
  return { added: count('added'), removed: count('removed') };
}

/** What stands side by side: what was removed beside what came in its place. */
export interface DiffPair {
  readonly left: DiffLine | null;
  readonly right: DiffLine | null;
}

export function sideBySide(lines: readonly DiffLine[]): DiffPair[] {
  const pairs: DiffPair[] = [];
  let [removed, added]: [DiffLine[], DiffLine[]] = [[], []];
  const flush = () => {
    for (let at = 0; at < Math.max(removed.length, added.length); at++)
      pairs.push({ left: removed[at] ?? null, right: added[at] ?? null });
    [removed, added] = [[], []];
  };
  for (const line of lines) {
    if (line.kind === 'removed') {
      if (added.length > 0) flush();
      removed.push(line);
    } else if (line.kind === 'added') added.push(line);
    else {
      flush();
      pairs.push({ left: line, right: line });
    }
  }
  flush();
  return pairs;
}
