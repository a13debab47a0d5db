import { expect, it } from 'vitest';
import { exact } from '../../../web/src/design/exact.ts';

it.each([
  ['echo safe\u202e\u2066# hsup tig\u2069', 'echo safe⟨U+202E⟩⟨U+2066⟩# hsup tig⟨U+2069⟩'],
  ['g\u200bit\u00ad', 'g⟨U+200B⟩it⟨U+00AD⟩'],
  ['a\rb\u001b[8mc\u0085', 'a⟨U+000D⟩b⟨U+001B⟩[8mc⟨U+0085⟩'],
  ['\u{e0041}\u3164\ufeff', '⟨U+E0041⟩⟨U+3164⟩⟨U+FEFF⟩'],
  ['two\n\tlines, ä, 日本語, 👍', 'two\n\tlines, ä, 日本語, 👍'],
])('writes out what one would not see: %j', (text, seen) => {
  expect(exact(text)).toBe(seen);
});
