import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..');
const PAGE = readFileSync(join(ROOT, 'docs', 'traps.md'), 'utf8');
const HEAD = '| What Codex does | What we do | Shown by |';
/** Instead of a test stands why there is none. */
const REASON = /^No test: \S.{20,}$/;
const TEST = /^`(test\/[\w./-]+\.test\.ts)` › (\S.*)$/;

const lines = PAGE.split('\n');
const rows = lines.filter((line) => line.startsWith('|') && line !== HEAD && !/^\|[ |-]+\|$/.test(line));
const cellsOf = (row: string) =>
  row
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
const proofs = rows.flatMap((row) => (cellsOf(row)[2] ?? '').split('<br>'));

describe('docs/traps.md', () => {
  it('has at least a hundred traps, in tables that all have the same columns', () => {
    expect(rows.length).toBeGreaterThanOrEqual(100);
    const areas = lines.filter((line) => line.startsWith('## ')).length;
    expect(lines.filter((line) => line === HEAD)).toHaveLength(areas - 1); // the last one lists what is not ours yet
  });

  it('says in each row what Codex does, what we do, and what shows it', () => {
    expect(rows.filter((row) => cellsOf(row).length !== 3 || cellsOf(row).some((cell) => cell === ''))).toEqual([]);
  });

  it('tells no trap twice', () => {
    const traps = rows.map((row) => cellsOf(row)[0]);
    expect(traps.filter((trap, index) => traps.indexOf(trap) !== index)).toEqual([]);
  });

  it('names a test or the reason why there is none, and nothing else', () => {
    expect(proofs.filter((proof) => !TEST.test(proof) && !REASON.test(proof))).toEqual([]);
  });

  it('names only tests that are there', () => {
    const missing = proofs.filter((proof) => {
      const [, file, title = ''] = TEST.exec(proof) ?? [];
      return file !== undefined && !hasTest(file, title);
    });
    expect(missing).toEqual([]);
  });
});

/** Whether the title of a test stands in the source, as it is between its quotes; that of a group is none. */
function hasTest(file: string, title: string): boolean {
  const path = join(ROOT, file);
  if (!existsSync(path)) return false;
  const source = readFileSync(path, 'utf8');
  return ["'", '"', '`'].some((quote) => {
    const literal = quote + title.replaceAll(quote, `\\${quote}`) + quote;
    const before = source.split(literal).slice(0, -1);
    return before.some((text) => /[()]\s*$/.test(text) && !/describe(\.\w+\([^()]*\))?\(\s*$/.test(text));
  });
}
