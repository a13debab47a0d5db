import { expect, it } from 'vitest';
import { withoutMarkup } from '../../src/contract/without-markup.ts';

it.each([
  ['# Done\n\nAll **is** well.', 'Done\n\nAll is well.'],
  ['> - Look at `notes.txt` and [the pages](https://example.org).', '- Look at notes.txt and the pages.'],
  ['1. one\n2) two', 'one\ntwo'],
  ['Run\n```sh\nnpm test\n```', 'Run\n\nnpm test\n'],
  ['![a picture](x.png) of ~~nothing~~ something', 'a picture of nothing something'],
  ['2 ** 3 * 4 is not `', '2 ** 3 * 4 is not `'],
  ['__init__ and snake_case stay, and a*b', '__init__ and snake_case stay, and a*b'],
])('reads %j as %j', (text, plain) => {
  expect(withoutMarkup(text)).toBe(plain);
});

it.each(['`', '**', '[', '~~', '> ', '*`'])('comes to an end with nothing but %j', (mark) => {
  expect(withoutMarkup(mark.repeat(1_000)).length).toBeLessThanOrEqual(mark.length * 1_000);
});
