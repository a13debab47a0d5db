import { afterEach, expect, it, vi } from 'vitest';
import { renameKept } from '../../../web/src/design/kept.ts';

afterEach(() => vi.unstubAllGlobals());

function browserWith(kept: Record<string, string>): Map<string, string> {
  const map = new Map(Object.entries(kept));
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => map.get(key) ?? null,
    setItem: (key: string, value: string) => map.set(key, value),
    removeItem: (key: string) => map.delete(key),
  });
  return map;
}

it.each([
  [{ old: '[1]' }, { new: '[1]' }],
  [{ old: '[1]', new: '[2]' }, { new: '[2]' }],
  [{ other: '[3]' }, { other: '[3]' }],
])('what is kept under an old name is taken over once: %j', (before, after) => {
  const kept = browserWith(before as Record<string, string>);
  renameKept('old', 'new');
  expect(Object.fromEntries(kept)).toEqual(after);
});
