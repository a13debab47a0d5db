import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { quote } from '../../src/hosts/quote.ts';

describe('quote', () => {
  it.each(["o'brien", "'", "a'; echo b; '", '$HOME `id` "x" \\', 'two\nlines', '', '-n *'])(
    'makes one word of %j, which a shell takes as it is',
    (text) => {
      const said = execFileSync('/bin/sh', ['-c', `printf '%s|' ${quote(text)} end`], { encoding: 'utf8' });
      expect(said).toBe(`${text}|end|`);
    },
  );
});
