import { describe, expect, it } from 'vitest';
import { sizeOfDiff } from '../../../src/contract/diff-size.ts';
import { filesOfDiff } from '../../../web/src/design/diff-files.ts';
import { linesOf, linesOfContent, sideBySide, sizeOf } from '../../../web/src/design/diff-lines.ts';
import { realJournal } from './journals.ts';

describe('the diffs of a transcript', () => {
  it('are, of a file that Codex has added, its whole content', () => {
    const [change] = realJournal('work').flatMap((event) =>
      event.type === 'item.completed' && event.item.kind === 'fileChange' ? event.item.changes : [],
    );
    if (!change) throw new Error('the journal has no change');
    const lines = linesOfContent('add', change.diff);
    expect(lines.map(({ kind, text }) => `${kind} ${text}`)).toEqual(['added one', 'added two']);
  });

  it('are, of a turn, those of its files, which count what the contract counts', () => {
    const [told] = realJournal('work').flatMap((event) => (event.type === 'diff.updated' ? [event.diff] : []));
    const files = filesOfDiff(told ?? '');
    expect(files).toMatchObject([{ path: 'new.txt', kind: 'add' }]);
    const sizes = files.map(({ diff }) => sizeOf(linesOf(diff)));
    expect(sizes).toEqual([{ added: sizeOfDiff(told ?? '').added, removed: 0 }]);
  });

  it('have numbers on both sides, and stand side by side', () => {
    const lines = linesOf('@@ -2,3 +2,3 @@\n a\n-b\n-c\n+d\n+e\n');
    expect(sideBySide(lines).map(({ left, right }) => [left?.before ?? null, right?.after ?? null])).toEqual([
      [null, null],
      [2, 2],
      [3, 3],
      [4, 4],
    ]);
  });
});
