import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { code, fenced, fileLink, folded, inline, quoted, span } from '../../src/contract/markdown-text.ts';

/** What somebody writes who wants to get out, in any order. */
const hostile = fc
  .array(
    fc.constantFrom(
      ...['# Fake', '#', '\n', '\n\n', '\r', '\u2028', '===', '---', '-', '- ', '1. ', '> ', '>', '    ', ' '],
      ...['```', '````', '~~~', '`', '``', '<h1>x</h1>', '</details>', '<!--', '<', '![a](http://e/x)', '![', '\\'],
      ...['words', '&lt;', '$$', '|', '\u001b[31m', '\u202e', '\0', '```js\n', '\n```\n'],
    ),
    { maxLength: 14 },
  )
  .map((parts) => parts.join(''));

/** The lines of a quotation that are outside of its fences, without the mark. */
function prosaic(markdown: string): string[] {
  const lines: string[] = [];
  let fence: string | undefined;
  for (const line of markdown.split('\n')) {
    const text = line.replace(/^> ?/, '');
    const [, ticks] = /^(`{3,})[^`]*$/.exec(text) ?? [];
    if (fence !== undefined) fence = text === fence ? undefined : fence;
    else if (ticks !== undefined) fence = ticks;
    else lines.push(text);
  }
  expect(fence, 'a fence that does not end').toBeUndefined();
  return lines;
}

describe('a quotation', () => {
  it('stays one, without headings, HTML or pictures, whatever is in it', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const markdown = quoted(text);
        for (const line of markdown.split('\n')) expect(line).toMatch(/^>(?: |$)/);
        const outside = prosaic(markdown);
        for (const line of outside) {
          expect(line.replace(/<\/?code>/g, '')).not.toMatch(/<|!\[|`{3}|~{3}/);
          expect(line).not.toMatch(/^[\s>]*#|^[\s>]*(?:-+|=+)\s*$/);
          expect(line).not.toMatch(/^\s*(?:[-*+]|\d+[.)])\s+(?:#|-+\s*$|=+\s*$)/);
        }
      }),
      { numRuns: 3_000 },
    );
  });

  it('keeps what is harmless as it was written', () => {
    const text = 'See `a < b` and **this**:\n\n- one\n- two\n\n| a | b |\n| --- | --- |';
    expect(quoted(text)).toBe(
      '> See <code>a &lt; b</code> and **this**:\n>\n> - one\n> - two\n>\n> | a | b |\n> | --- | --- |',
    );
  });

  it('keeps code in fences of its own, also where the last does not end', () => {
    const text = 'Do:\n```ts\nconst a: Array<number> = [];\n```\nand\n~~~~\n~~~\n# no heading\n<b>';
    expect(quoted(text).split('\n')).toEqual([
      ...['> Do:', '>', '> ```ts', '> const a: Array<number> = [];', '> ```', '>', '> and'],
      ...['>', '> ```', '> ~~~', '> # no heading', '> <b>', '> ```', '>'],
    ]);
  });

  it.each([
    ['# Fake', '> \\# Fake'],
    ['Fake\n===', '> Fake\n> \\==='],
    ['Fake\n-', '> Fake\n> \\-'],
    ['- # Fake', '> - \\# Fake'],
    ['> ## Fake', '> > \\## Fake'],
    ['a </details><script>', '> a &lt;/details>&lt;script>'],
    ['![](http://e/?secret)', '> !\\[](http://e/?secret)'],
    ['a ```not a fence``` b', '> a \\`\\`\\`not a fence\\`\\`\\` b'],
  ])('of %j is %j', (text, markdown) => {
    expect(quoted(text)).toBe(markdown);
  });
});

describe('a text as it is', () => {
  it('stands in a fence that nothing in it ends', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const [first = '', ...rest] = fenced(text, 'sh').split('\n');
        const [, fence = ''] = /^(`{3,})sh$/.exec(first) ?? [];
        expect(rest.pop()).toBe(fence);
        const ends = rest.filter((line) => new RegExp(`^\\s*${fence}\`*\\s*$`).test(line));
        expect(ends).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is shown without what a terminal would obey, and with a turned reading order told', () => {
    const text = 'a\u001b[31mb\u001b]8;;http://e\u0007c\r\nd\0\u009be\u202ef';
    expect(fenced(text)).toBe('```\nabc\nde\\u202ef\n```');
  });

  it('may be large, and made of nothing but fences', () => {
    const text = '`'.repeat(1_000) + '\n`'.repeat(300_000);
    expect(fenced(text).startsWith('`'.repeat(1_001))).toBe(true);
  });
});

describe('a text within a line', () => {
  it('stays in it, and is text', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        for (const line of [inline(text), code(text)]) expect(line).not.toContain('\n');
        expect(inline(text).replace(/\\[!-~]/g, 'x')).not.toMatch(/[<`[\]!*_|]|^#/);
        const [fence = ''] = /^`+/.exec(code(text)) ?? ['(empty)'];
        const rest = code(text).slice(fence.length);
        expect(rest === '' ? 0 : rest.indexOf(fence)).toBe(Math.max(0, rest.length - fence.length));
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ['a`b', '``a`b``'],
    ['`', '`` ` ``'],
    ['a\nb', '`a b`'],
    ['', '(empty)'],
  ])('of %j as a name is %s', (text, markdown) => {
    expect(code(text)).toBe(markdown);
  });

  it('is cut where it is very long', () => {
    expect(inline('a'.repeat(400))).toHaveLength(300);
  });
});

it('a part that is folded ends after an empty line, where it ends for everybody', () => {
  expect(folded('More', fenced('</details>'))).toBe(
    '<details>\n<summary>More</summary>\n\n```\n</details>\n```\n\n</details>',
  );
});

it.each([
  [40, '40 ms'],
  [400, '0.4 s'],
  [59_000, '59 s'],
  [185_000, '3 min 5 s'],
])('%s ms are %s', (ms, text) => {
  expect(span(ms)).toBe(text);
});

describe('the name of a file', () => {
  it.each([
    ['uploads/a (1) é.png', '[`uploads/a (1) é.png`](./uploads/a%20%281%29%20%C3%A9.png)'],
    ['javascript:alert(1)', '[`javascript:alert(1)`](./javascript%3Aalert%281%29)'],
    ['a](b)', '[`a](b)`](./a%5D%28b%29)'],
    ['a](http://e/x)', '`a](http://e/x)`'],
    ['\ud800', '[`\ufffd`](./%EF%BF%BD)'],
    ['/etc/x.png', '`/etc/x.png`'],
    ['//host/x.png', '`//host/x.png`'],
    ['../x.png', '`../x.png`'],
  ])('leads to it where it lies in the workspace, and nowhere else: %s', (path, markdown) => {
    expect(fileLink(path)).toBe(markdown);
  });
});
