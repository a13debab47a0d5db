/** What a line of a list needs none of: fences, the marks before headings, quotations and entries of lists, and those around words. */
const MARKS: readonly (readonly [RegExp, string])[] = [
  [/^[ \t]*(```|~~~).*$/gm, ''],
  [/^[ \t]*(#{1,6}|>|[-*+]|\d+[.)])[ \t]+/gm, ''],
  [/!?\[([^\]\n]*)\]\([^)\n]*\)/g, '$1'],
  [/(\*\*|~~|`{1,3})(?=\S)(.+?)(?<=\S)\1/g, '$2'],
];

/** A text in Markdown as somebody would read it aloud: for where there is room for some words of it only. */
export function withoutMarkup(text: string): string {
  return MARKS.reduce((plain, [mark, words]) => plain.replace(mark, words), text);
}
