import { describe, expect, it } from 'vitest';
import { Blocks } from '../../../web/src/run/transcript/markdown/blocks.ts';
import { pathOf } from '../../../web/src/run/transcript/markdown/links.ts';
import { type Piece, piecesOf } from '../../../web/src/run/transcript/markdown/pieces.ts';

/** All tags in it, and all text. */
function tagsIn(pieces: readonly Piece[]): string[] {
  return pieces.flatMap((piece) =>
    typeof piece === 'string' ? [] : [piece.tag, ...('children' in piece ? tagsIn(piece.children) : [])],
  );
}
function textIn(pieces: readonly Piece[]): string {
  return pieces
    .map((piece) => {
      if (typeof piece === 'string') return piece;
      if ('children' in piece) return textIn(piece.children);
      return piece.tag === 'pre' ? piece.text : '';
    })
    .join('');
}

describe('Markdown', () => {
  it('becomes paragraphs, lists, tables and code', () => {
    const pieces = piecesOf(
      '# One\n\nA **b** *c* ~~d~~ `e`\n\n1. x\n2. y\n\n|a|b|\n|-|-:|\n|1|2|\n\n```ts\nlet x;\n```\n\n> q\n\n---',
    );
    expect(pieces.map((piece) => (typeof piece === 'string' ? piece : piece.tag))).toEqual([
      'h2',
      'p',
      'ol',
      'table',
      'pre',
      'blockquote',
      'hr',
    ]);
    expect(tagsIn(pieces)).toEqual(expect.arrayContaining(['strong', 'em', 'del', 'code', 'thead', 'tbody', 'td']));
    expect(pieces[4]).toEqual({ tag: 'pre', text: 'let x;', language: 'ts' });
  });

  it('ticks off what is done', () => {
    expect(JSON.stringify(piecesOf('- [x] one\n- [ ] two'))).toMatch(/"tick","isDone":true.*"tick","isDone":false/);
  });

  it.each([
    '<script>alert(1)</script>',
    'a <img src=x onerror=alert(1)> b',
    '<a href="javascript:alert(1)">x</a>',
    '<details open ontoggle=alert(1)>\n\nx',
    '<!-- c -->',
    '<svg/onload=alert(1)>',
  ])('leaves HTML as the text that it is: %s', (html) => {
    const pieces = piecesOf(html);
    expect(tagsIn(pieces).filter((tag) => tag !== 'p')).toEqual([]);
    expect(textIn(pieces).replace(/\s/g, '')).toBe(html.replace(/\s/g, ''));
  });

  it.each([
    '[x](javascript:alert(1))',
    '[x](JaVaScRiPt:alert(1))',
    '[x](javascript&#58;alert(1))',
    '[x](&#x6a;avascript:alert(1))',
    '[x](java\tscript:alert(1))',
    '[x](data:text/html,<b>x</b>)',
    '[x](vbscript:x)',
    '[x](file:///etc/passwd)',
    '[x](src/app.ts)',
    '[x](//elsewhere.example/)',
    '![x](javascript:alert(1))',
    '<javascript:alert(1)>',
    '[x][r]\n\n[r]: javascript:alert(1)',
  ])('makes no link of what leads nowhere that is safe: %s', (text) => {
    expect(tagsIn(piecesOf(text))).not.toContain('a');
  });

  it('tells what is named by a path', () => {
    expect(piecesOf('See [app](src/app.ts:3).')).toEqual([
      { tag: 'p', children: ['See ', { tag: 'path', children: ['app'], address: 'src/app.ts:3' }, '.'] },
    ]);
  });

  it.each([
    ['src/app.ts', 'src/app.ts'],
    ['./src/app.ts:3', 'src/app.ts'],
    ['/home/ada/space/src/app.ts:3:17', '/home/ada/space/src/app.ts'],
    ['src/app.ts:3-9', 'src/app.ts'],
    ['my%20notes.md#L3', 'my notes.md'],
    ['100%.txt', '100%.txt'],
    ['../secret', null],
    ['a/../../secret', null],
    ['file:///etc/passwd', null],
    ['javascript:alert(1)', null],
    ['java\tscript:alert(1)', null],
    ['#part', null],
  ])('finds the file that an address names: %s', (address, path) => {
    expect(pathOf(address)).toBe(path);
  });

  it('makes links of addresses, and of pictures, which are not loaded', () => {
    const links = (text: string) => JSON.stringify(piecesOf(text)).match(/"href":"[^"]*"/g);
    expect(links('[x](https://example.org/a?b=1&amp;c=2)')).toEqual(['"href":"https://example.org/a?b=1&c=2"']);
    expect(links('See https://example.org/x and <me@example.org>.')).toHaveLength(2);
    expect(links('![logo](https://example.org/x.png)')).toEqual(['"href":"https://example.org/x.png"']);
    expect(tagsIn(piecesOf('![logo](https://example.org/x.png)'))).not.toContain('img');
  });

  it('says what entities stand for', () => {
    expect(textIn(piecesOf('a &lt;b&gt; &amp;amp; &#33; &#x21; &unknown; &constructor;'))).toBe(
      'a <b> &amp; ! ! &unknown; &constructor;',
    );
    expect(textIn(piecesOf('`a &lt; b`'))).toBe('a &lt; b');
  });

  it.each([
    ['quotes', `${'>'.repeat(3_000)} x`],
    ['lists in one line', `${'- '.repeat(2_000)}x`],
    ['lists', Array.from({ length: 600 }, (_, at) => `${'  '.repeat(at)}- x`).join('\n')],
    ['brackets', `${'['.repeat(5_000)}x`],
    ['emphasis', `${'**_'.repeat(2_000)}x`],
  ])('is text where it is deeper than anybody writes: %s', (_what, text) => {
    expect(depthOf(piecesOf(text))).toBeLessThan(100);
    expect(textIn(piecesOf(text))).toContain('x');
    const growing = new Blocks();
    for (const isWhole of [false, true]) expect(growing.of(text, isWhole).join('')).toContain('x');
  });
});

function depthOf(pieces: readonly Piece[]): number {
  return Math.max(
    0,
    ...pieces.map((piece) => (typeof piece !== 'string' && 'children' in piece ? 1 + depthOf(piece.children) : 1)),
  );
}
