import { describe, expect, it } from 'vitest';
import { isMeant } from '../../src/engine/path-pattern.ts';

const roots = ['/ws', '/real/ws'];

describe('a pattern', () => {
  it.each([
    ['/ws/src/a.ts', 'src'],
    ['/ws/src', 'src'],
    ['/ws/src/a.ts', './src/'],
    ['/ws/src/.git/hooks/x', 'src'],
    ['/real/ws/src/a', 'src'],
    ['/ws/anything', '.'],
    ['/ws/src/a.ts', 'src/*.ts'],
    ['/ws/src/a.ts', '**/*.ts'],
    ['/ws/a.ts', '**/*.ts'],
    ['/ws/src/deep/a.ts', 'src/**'],
    ['/ws/src/deep/a.ts', 'src/**/a.ts'],
    ['/ws/a1', 'a?'],
    ['/ws/[id]/a', '[id]'],
    ['/ws/a+b', 'a+b'],
    ['/ws/two\nlines', '*'],
    ['/etc/passwd', '/etc'],
    ['/etc/passwd', '/**'],
    ['/ws/x/../src/a', 'src'],
  ])('means %j: %j', (file, pattern) => {
    expect(isMeant(file, pattern, roots)).toBe(true);
  });

  it.each([
    ['/ws/srcs/a.ts', 'src'],
    ['/ws/a/src/a.ts', 'src'],
    ['/ws/src/../../etc/passwd', 'src'],
    ['/ws/../etc/passwd', '.'],
    ['/ws/src/deep/a.ts', 'src/*.ts'],
    ['/ws/src/a.tsx', 'src/*.ts'],
    ['/ws/a12', 'a?'],
    ['/ws/a/', 'a?'],
    ['/ws/aab', 'a+b'],
    ['/ws/axts', 'a.ts'],
    ['src/a.ts', 'src'],
    ['/etc/passwd', 'etc'],
    ['/wsx/src', 'src'],
  ])('does not mean %j: %j', (file, pattern) => {
    expect(isMeant(file, pattern, roots)).toBe(false);
  });

  it('means nothing where it is relative and nobody knows to what', () => {
    expect(isMeant('/ws/src', 'src', [])).toBe(false);
    expect(isMeant('/ws/src', '/ws/src', [])).toBe(true);
  });

  it('takes a root for what it is', () => {
    expect(isMeant('/w+s/a', 'a', ['/w+s'])).toBe(true);
    expect(isMeant('/a', 'a', ['/'])).toBe(true);
    expect(isMeant('/wws/a', 'a', ['/w+s'])).toBe(false);
  });
});
