import { describe, expect, it } from 'vitest';
import { createRunView, type RunView } from '../../src/contract/view.ts';
import type { WorkspaceEntry } from '../../src/contract/workspace-file.ts';
import { changedPaths } from '../../web/src/files/changed-paths.ts';
import { contentOf, MAX_SHOWN, sizeInWords } from '../../web/src/files/content.ts';
import { type Branch, linesOf, moveOf, sorted, type Tree, UNOPENED } from '../../web/src/files/tree.ts';

const entry = (path: string, kind: WorkspaceEntry['kind'] = 'file'): WorkspaceEntry => ({
  name: path.slice(path.lastIndexOf('/') + 1),
  path,
  kind,
  size: 1,
  modifiedAt: '2026-01-01T00:00:00Z',
});
const branch = (entries: WorkspaceEntry[], rest: Partial<Branch> = {}): Branch => ({
  ...UNOPENED,
  isOpen: true,
  entries,
  ...rest,
});

const TREE: Tree = new Map([
  ['', branch([entry('src', 'directory'), entry('test', 'directory'), entry('a.ts'), entry('link', 'link')])],
  ['src', branch([entry('src/deep', 'directory'), entry('src/b.ts')])],
  ['src/deep', branch([], { isOpen: false })],
]);

describe('the tree of a workspace', () => {
  it('has a line for whatever is open', () => {
    const lines = linesOf(TREE).map((line) => (line.kind === 'entry' ? `${line.depth} ${line.entry.path}` : line.text));
    expect(lines).toEqual(['0 src', '1 src/deep', '1 src/b.ts', '0 test', '0 a.ts', '0 link']);
  });

  it('says of a directory that it is empty, not whole, or cannot be read', () => {
    const notes = (of: Branch) =>
      linesOf(new Map([['', of]])).flatMap((line) => (line.kind === 'note' ? [line.text] : []));
    expect(notes(branch([]))).toEqual(['empty']);
    expect(notes(branch([entry('a')], { isPartial: true }))).toEqual(['only the first 1 are shown']);
    expect(notes(branch([entry('a')], { problem: 'it is gone' }))).toEqual(['it is gone']);
    expect(notes({ ...UNOPENED, isOpen: true, isLoading: true })).toEqual([]);
  });

  it('puts directories first, and numbers as people count', () => {
    const entries = [entry('b10'), entry('b9'), entry('z', 'directory'), entry('A')];
    expect(sorted({ entries }).map(({ name }) => name)).toEqual(['z', 'A', 'b9', 'b10']);
  });

  it.each([
    ['ArrowDown', 'src/b.ts', { kind: 'go', path: 'test' }],
    ['ArrowUp', 'src', undefined],
    ['End', 'src', { kind: 'go', path: 'link' }],
    ['Home', 'a.ts', { kind: 'go', path: 'src' }],
    ['ArrowRight', 'test', { kind: 'open', path: 'test' }],
    ['ArrowRight', 'src', { kind: 'go', path: 'src/deep' }],
    ['ArrowRight', 'a.ts', undefined],
    ['ArrowLeft', 'src', { kind: 'close', path: 'src' }],
    ['ArrowLeft', 'src/b.ts', { kind: 'go', path: 'src' }],
    ['ArrowLeft', 'a.ts', undefined],
    ['Enter', 'src', { kind: 'close', path: 'src' }],
    ['Enter', 'a.ts', { kind: 'show', path: 'a.ts' }],
    ['t', 'a.ts', { kind: 'go', path: 'test' }],
    ['Tab', 'a.ts', undefined],
    ['ArrowDown', 'gone', { kind: 'go', path: 'src' }],
  ])('is walked through by keys: %s at %s', (key, at, move) => {
    expect(moveOf(key, linesOf(TREE), at)).toEqual(move);
  });
});

describe('what is in a file', () => {
  const bytes = (text: string) => new TextEncoder().encode(text);
  const raw = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));

  it('is told by its content', () => {
    expect(contentOf(raw('\x89PNG\r\n\x1a\n\0\0'))).toEqual({ kind: 'image' });
    expect(contentOf(raw('\xff\xd8\xff\xe0'))).toEqual({ kind: 'image' });
    expect(contentOf(raw('GIF89a'))).toEqual({ kind: 'image' });
    expect(contentOf(raw('RIFF\0\0\0\0WEBP'))).toEqual({ kind: 'image' });
    expect(contentOf(raw('RIFF\0\0\0\0WAVE'))).toEqual({ kind: 'binary' });
    expect(contentOf(raw('\xff\xfe\xfd'))).toEqual({ kind: 'binary' });
    expect(contentOf(bytes('<svg onload="alert(1)"/>'))).toMatchObject({ kind: 'text' });
    expect(contentOf(bytes('one\ntwo\n'))).toEqual({ kind: 'text', text: 'one\ntwo\n', isCut: false, lines: 2 });
    expect(contentOf(bytes(''))).toMatchObject({ text: '', lines: 0 });
  });

  it('is cut where there is much, and not in the middle of a character', () => {
    const content = contentOf(bytes(`a${'ü'.repeat(MAX_SHOWN)}`));
    expect(content).toMatchObject({ kind: 'text', isCut: true });
    expect(content.kind === 'text' && /^aü+$/.test(content.text)).toBe(true);
  });

  it('has a size that people read', () => {
    expect([0, 1, 999, 1_000, 9_949, 99_400, 999_499, 999_500, 64e6].map(sizeInWords)).toEqual([
      '0 bytes',
      '1 byte',
      '999 bytes',
      '1.0 kB',
      '9.9 kB',
      '99 kB',
      '999 kB',
      '1.0 MB',
      '64.0 MB',
    ]);
  });
});

it('tells what has changed since the start, with the directories above it', () => {
  const diff = (path: string) => `diff --git a/${path} b/${path}\n--- a/${path}\n+++ b/${path}\n@@ -1 +1 @@\n-a\n+b\n`;
  const view = createRunView();
  expect([...changedPaths([diff('src/deep/a.ts')], view)].sort()).toEqual(['src', 'src/deep', 'src/deep/a.ts']);
  const ended = { workspace: { changes: [{ path: 'new.txt', change: 'added' }] } } as unknown as RunView['outcome'];
  const session = { workspace: { path: '/w', kind: 'fresh' } } as unknown as RunView['session'];
  expect([...changedPaths([diff('/w/b.ts')], { session, outcome: ended })].sort()).toEqual(['b.ts', 'new.txt']);
});
