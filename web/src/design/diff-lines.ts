import { parsePatch } from 'diff';

/** How a file has changed. `other`: whatever could not be read as a diff is shown as it came. */
export type DiffKind = 'add' | 'delete' | 'update' | 'move';

/** A line of a diff, with its numbers before and after; a `gap` stands for lines that are the same and left out. */
export interface DiffLine {
  readonly kind: 'same' | 'added' | 'removed' | 'gap' | 'note';
  readonly before: number | null;
  readonly after: number | null;
  readonly text: string;
}

/** The lines of a change: of a unified diff, or the whole content for a file that was added or deleted. */
export function linesOf(kind: DiffKind, diff: string): DiffLine[] {
  const isWhole = (kind === 'add' || kind === 'delete') && !/^(diff --git |--- |@@ )/.test(diff);
  if (isWhole) return wholeFile(kind, diff);
  // What has no hunks, such as a file that was only renamed, or is no diff at all, is shown as it came.
  const hunks = hunksIn(diff);
  return hunks.length > 0 ? hunks : textLines(diff).map((text) => ({ kind: 'note', before: null, after: null, text }));
}

/** Nothing where it cannot be read. */
function hunksIn(diff: string): DiffLine[] {
  try {
    return hunksOf(diff);
  } catch {
    return [];
  }
}

function wholeFile(kind: DiffKind, content: string): DiffLine[] {
  return textLines(content).map((text, at) =>
    kind === 'add'
      ? { kind: 'added', before: null, after: at + 1, text }
      : { kind: 'removed', before: at + 1, after: null, text },
  );
}

function hunksOf(diff: string): DiffLine[] {
  const lines: DiffLine[] = [];
  let shown = 0;
  for (const { hunks } of parsePatch(diff)) {
    for (const hunk of hunks) {
      let [before, after] = [hunk.oldStart, hunk.newStart];
      if (before > shown + 1) lines.push({ kind: 'gap', before: null, after: null, text: '' });
      for (const line of hunk.lines) {
        const text = line.slice(1);
        if (line[0] === '+') lines.push({ kind: 'added', before: null, after: after++, text });
        else if (line[0] === '-') lines.push({ kind: 'removed', before: before++, after: null, text });
        else if (line[0] === '\\') lines.push({ kind: 'note', before: null, after: null, text: text.trim() });
        else lines.push({ kind: 'same', before: before++, after: after++, text });
      }
      shown = before - 1;
    }
  }
  return lines;
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
