import fc from 'fast-check';
import { expect, it } from 'vitest';
import { markdownReader } from '../../../web/src/run/transcript/markdown/reader.ts';

type Reader = ReturnType<typeof markdownReader>;

/** The library by itself. */
function plainReader(): Reader {
  const Plain = markdownReader().constructor as new (options: { readonly gfm: boolean }) => Reader;
  return new Plain({ gfm: true });
}

/** What begins, goes on with or ends a block of some kind, or looks as if it did. */
const LINES = [
  ...['', ' ', '\t', 'word', 'two **words**', '  further in', '    code', '\ttab'],
  ...['---', '===', '--', '=', ' - ', '--- ', '   ===\t', '***', '- - -', '-', '----x'],
  ...['> quoted', '>', '   > in', '    > code', '>> twice', '> - item', '> ---'],
  ...['- item', '* item', '1. one', '2) two', '  - within', '- [x] done', '- > quoted', '- # head'],
  ...['| a | b |', '|---|---|', 'a | b', '- | -', ':-:', '--|--', '| 1 | 2 |', '|'],
  ...['<div>', '</div>', '<!-- note', '-->', '<b>bold</b>', ' <pre>', '<', '<https://example.org>'],
  ...['# head', '####### no', '#', '```ts', '```', '~~~', '[a]: /b', '[a]', 'a  ', 'a\\', '\f', '\u00a0', 'x\r'],
];

it('reads whatever text as the library does by itself, at once and block by block', () => {
  const line = fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...LINES) }, fc.string({ maxLength: 6 }));
  const text = fc.array(line, { maxLength: 12 }).map((lines) => lines.join('\n'));
  const isReadAlike = (markdown: string) => {
    expect(markdownReader().lex(markdown)).toEqual(plainReader().lex(markdown));
    expect(markdownReader().blockTokens(markdown, [])).toEqual(plainReader().blockTokens(markdown, []));
  };
  fc.assert(fc.property(text, isReadAlike), { numRuns: 5_000 });
});
