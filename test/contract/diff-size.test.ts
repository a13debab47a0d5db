import { describe, expect, it } from 'vitest';
import { sizeOfDiff } from '../../src/contract/diff-size.ts';
import { TurnDiffs } from '../../src/contract/turn-diffs.ts';

const diffOf = (path: string, ...lines: readonly string[]) =>
  [`diff --git a/${path} b/${path}`, `--- a/${path}`, `+++ b/${path}`, ...lines, ''].join('\n');

describe('the size of a diff', () => {
  it('counts lines and files, and no header', () => {
    const diff =
      diffOf('a.ts', '@@ -1,2 +1,3 @@ class A', ' same', '-old', '+new', '+more') + diffOf('b', '@@ -0,0 +1 @@', '+b');
    expect(sizeOfDiff(diff)).toEqual({ files: ['a/a.ts b/a.ts', 'a/b b/b'], added: 3, removed: 1 });
  });

  it('counts lines that look like headers', () => {
    const lines = ['@@ -1,3 +1,3 @@', '--- a comment', '+++ another', ' diff --git x', '-@@ -1 +1 @@', '+@@'];
    expect(sizeOfDiff(diffOf('a.sql', ...lines))).toMatchObject({ files: ['a/a.sql b/a.sql'], added: 2, removed: 2 });
  });

  it('counts several hunks, and not that a line has no end', () => {
    const lines = ['@@ -1 +1 @@', '-a', '+b', '@@ -9 +9 @@', '-c', '\\ No newline at end of file', '+d'];
    expect(sizeOfDiff(diffOf('a', ...lines))).toMatchObject({ added: 2, removed: 2 });
  });

  it('counts files in which nothing is told to have changed', () => {
    expect(sizeOfDiff('diff --git a/x.png b/x.png\nBinary files differ\n')).toEqual({
      ...{ files: ['a/x.png b/x.png'], added: 0, removed: 0 },
    });
  });

  it('counts what git has not made', () => {
    expect(sizeOfDiff('--- a\n+++ b\n@@ -1 +1 @@\n-x\n+y\n--- c\n+++ d\n@@ -0,0 +1 @@\n+z')).toEqual({
      ...{ files: ['b', 'd'], added: 2, removed: 1 },
    });
  });

  it('goes on with the next file where part of one was cut out', () => {
    const cut =
      diffOf('a', '@@ -1,900 +1,900 @@', '+one', '… 5000 characters were left out …') +
      diffOf('b', '@@ -0,0 +1 @@', '+b');
    expect(sizeOfDiff(cut)).toEqual({ files: ['a/a b/a', 'a/b b/b'], added: 2, removed: 0 });
  });

  it.each(['', '\n', 'no diff at all', '@@', '+', '@@ -1 +1 @@'])('is nothing for %j', (text) => {
    expect(sizeOfDiff(text)).toEqual({ files: [], added: 0, removed: 0 });
  });
});

describe('what the turns of a run have changed', () => {
  const one = diffOf('a', '@@ -0,0 +1 @@', '+1');
  const two = diffOf('a', '@@ -0,0 +1,2 @@', '+1', '+2');

  it('is the newest diff of each turn, and each file once', () => {
    const diffs = new TurnDiffs();
    diffs.put('first', one);
    diffs.put('first', two);
    expect(diffs.size).toEqual({ files: 1, added: 2, removed: 0 });
    diffs.end('first');
    diffs.put('second', two + diffOf('b', '@@ -1 +0,0 @@', '-b'));
    expect(diffs.size).toEqual({ files: 2, added: 4, removed: 1 });
    diffs.put('second', one); // b is as it was before
    expect(diffs.size).toEqual({ files: 1, added: 3, removed: 0 });
    diffs.endAll();
    expect(diffs.size).toEqual({ files: 1, added: 3, removed: 0 });
  });

  it('can be gone on with in two ways', () => {
    const diffs = new TurnDiffs();
    diffs.put('first', one);
    const copy = diffs.copy();
    copy.put('second', two);
    copy.endAll();
    expect([diffs.size.added, copy.size.added]).toEqual([1, 3]);
    diffs.put('first', '');
    expect([diffs.size.added, copy.size.added]).toEqual([0, 3]);
  });
});
