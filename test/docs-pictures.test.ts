import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { SCREENS, THEMES } from '../scripts/screenshots/screens.ts';

const DOCS = join(import.meta.dirname, '..', 'docs');
const names = SCREENS.flatMap(({ name }) => THEMES.map((theme) => `${name}-${theme}.webp`)).sort();

it('has a picture of every screen in both themes, and no other', () => {
  expect(readdirSync(join(DOCS, 'images/page')).sort()).toEqual(names);
});

it('shows every picture on the page about the page', () => {
  const shown = [...readFileSync(join(DOCS, 'page.md'), 'utf8').matchAll(/"images\/page\/([^"]+)"/g)];
  expect(shown.map(([, name]) => name).sort()).toEqual(names);
});

it('shows pictures in the README that there are', () => {
  const readme = readFileSync(join(DOCS, '..', 'README.md'), 'utf8');
  const shown = [...readme.matchAll(/(?:src|srcset)="([^"]+)"|!\[[^\]]*\]\(([^)]+)\)/g)].map(
    ([, a, b]) => a ?? b ?? '',
  );
  expect(shown.length).toBeGreaterThan(1);
  for (const path of shown) expect([path, existsSync(join(DOCS, '..', path))]).toEqual([path, true]);
});
