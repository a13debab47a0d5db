import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Editor, layOut } from '../../../src/cli/terminal/editor.ts';
import { columnsOf } from '../../../src/cli/terminal/word-wrap.ts';

/** An editor with this text, its cursor at the `|`. */
function edit(text: string): Editor {
  const editor = new Editor();
  const [before = '', after = ''] = text.split('|');
  editor.set(after);
  for (let left = after.length; left > 0; left--) editor.left();
  editor.insert(before);
  return editor;
}

function show({ text, cursor }: Editor): string {
  return `${text.slice(0, cursor)}|${text.slice(cursor)}`;
}

describe('Editor', () => {
  it.each<[act: Exclude<keyof Editor, 'text' | 'cursor' | 'set' | 'insert'>, before: string, after: string]>([
    ['left', 'ab|c', 'a|bc'],
    ['left', '|abc', '|abc'],
    ['left', 'a👨‍👩‍👧|', 'a|👨‍👩‍👧'],
    ['left', 'a\n|b', 'a|\nb'],
    ['right', 'a|e\u0301c', 'ae\u0301|c'],
    ['right', 'a|\nb', 'a\n|b'],
    ['right', 'abc|', 'abc|'],
    ['wordLeft', 'one two, |', 'one |two, '],
    ['wordRight', '|one two', 'one| two'],
    ['wordRight', 'one| two', 'one two|'],
    ['lineStart', 'one\ntw|o', 'one\n|two'],
    ['lineEnd', 'o|ne\ntwo', 'one|\ntwo'],
    ['up', 'one\ntw|o', 'on|e\ntwo'],
    ['up', 'a\nthree|', 'a|\nthree'],
    ['up', 'on|e', 'on|e'],
    ['up', '👨‍👩‍👧\nab|', '|👨‍👩‍👧\nab'],
    ['down', 'on|e\ntwo', 'one\ntw|o'],
    ['down', 'three|\na\nb', 'three\na|\nb'],
    ['down', 'on|e', 'on|e'],
    ['backspace', 'ae\u0301|c', 'a|c'],
    ['backspace', 'a\n|b', 'a|b'],
    ['backspace', '|a', '|a'],
    ['delete', 'a|👨‍👩‍👧b', 'a|b'],
    ['delete', 'a|', 'a|'],
    ['deleteWord', 'one two |', 'one |'],
    ['deleteToLineStart', 'one\ntw|o', 'one\n|o'],
    ['deleteToLineEnd', 'o|ne\ntwo', 'o|\ntwo'],
  ])('%s: %j becomes %j', (act, before, after) => {
    const editor = edit(before);
    editor[act]();
    expect(show(editor)).toBe(after);
  });

  it('says whether there was a line to go to', () => {
    expect([edit('a\nb|').up(), edit('a|').up()]).toEqual([true, false]);
    expect([edit('a|\nb').down(), edit('a|').down()]).toEqual([true, false]);
  });

  it('takes what is inserted where the cursor is', () => {
    const editor = edit('a|d');
    editor.insert('bc');
    expect(show(editor)).toBe('abc|d');
  });
});

describe('layOut', () => {
  it('breaks at the width, and has a place for the cursor behind a full row', () => {
    expect(layOut('abcd', 4, 4)).toEqual({ rows: ['abcd', ''], row: 1, column: 0 });
    expect(layOut('abcd', 1, 4)).toEqual({ rows: ['abcd'], row: 0, column: 1 });
    expect(layOut('abcde', 5, 4)).toEqual({ rows: ['abcd', 'e'], row: 1, column: 1 });
  });

  it('leaves out the columns that are taken, and keeps lines apart', () => {
    expect(layOut('abc\nd', 5, 4, 2)).toEqual({ rows: ['ab', 'c', 'd'], row: 2, column: 1 });
    expect(layOut('', 0, 4, 2)).toEqual({ rows: [''], row: 0, column: 2 });
  });

  it('knows that some characters take two columns, and shows a tab as spaces', () => {
    expect(layOut('日本語', 3, 5)).toEqual({ rows: ['日本', '語'], row: 1, column: 2 });
    expect(layOut('\ta', 1, 20)).toEqual({ rows: ['    a'], row: 0, column: 4 });
  });

  it('makes no row wider than there is room, wherever the cursor is, and loses nothing', () => {
    const texts = fc.string({ unit: 'grapheme', maxLength: 40 }).filter((text) => !/[\p{Cc}]/u.test(text));
    fc.assert(
      fc.property(texts, fc.integer({ min: 4, max: 20 }), fc.nat(40), (text, width, cursor) => {
        const laid = layOut(text, Math.min(cursor, text.length), width);
        expect(laid.rows.join('')).toBe(text);
        for (const row of laid.rows)
          if ([...row].length > 1) expect(columnsOf(row)).toBeLessThanOrEqual(Math.max(width, 8));
        expect(laid.row).toBeLessThan(laid.rows.length);
        expect(laid.column).toBeLessThanOrEqual(width);
      }),
    );
  });
});
