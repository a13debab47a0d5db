import type { Editor } from './editor.ts';
import type { Key } from './keyboard.ts';

type Edit = (editor: Editor) => void;

const PLAIN: ReadonlyMap<string, Edit> = new Map<string, Edit>([
  ['left', (editor) => editor.left()],
  ['right', (editor) => editor.right()],
  ['home', (editor) => editor.lineStart()],
  ['end', (editor) => editor.lineEnd()],
  ['backspace', (editor) => editor.backspace()],
  ['delete', (editor) => editor.delete()],
]);
const WITH_CTRL: ReadonlyMap<string, Edit> = new Map<string, Edit>([
  ['a', (editor) => editor.lineStart()],
  ['e', (editor) => editor.lineEnd()],
  ['b', (editor) => editor.left()],
  ['f', (editor) => editor.right()],
  ['d', (editor) => editor.delete()],
  ['h', (editor) => editor.backspace()],
  ['w', (editor) => editor.deleteWord()],
  ['u', (editor) => editor.deleteToLineStart()],
  ['k', (editor) => editor.deleteToLineEnd()],
  ['left', (editor) => editor.wordLeft()],
  ['right', (editor) => editor.wordRight()],
]);
const WITH_ALT: ReadonlyMap<string, Edit> = new Map<string, Edit>([
  ['b', (editor) => editor.wordLeft()],
  ['f', (editor) => editor.wordRight()],
  ['left', (editor) => editor.wordLeft()],
  ['right', (editor) => editor.wordRight()],
  ['backspace', (editor) => editor.deleteWord()],
]);

/** Does to a text what a key does, as shells have it; nothing for a key that means nothing. */
export function editWith(editor: Editor, { name = '', text, ctrl, meta }: Key): void {
  const edit = (ctrl ? WITH_CTRL : meta ? WITH_ALT : PLAIN).get(name);
  if (edit) edit(editor);
  else if (text !== '') editor.insert(text);
}
