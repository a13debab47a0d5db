import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { testDirectory } from '../support/directories.ts';

const PAGE = join(import.meta.dirname, '..', '..', 'docs', 'architecture.md');

/** The tables of the picture, each with its columns in order, as `type name`. */
function drawn(): Record<string, string[]> {
  const [, picture = ''] = /```mermaid\nerDiagram\n([\s\S]*?)```/.exec(readFileSync(PAGE, 'utf8')) ?? [];
  const tables = [...picture.matchAll(/^ {2}(\w+) \{\n([\s\S]*?)\n {2}\}/gm)];
  const columnsOf = (text: string) => text.split('\n').map((line) => line.trim().split(' ').slice(0, 2).join(' '));
  return Object.fromEntries(tables.map(([, name = '', columns = '']) => [name, columnsOf(columns)]));
}

/** In PostgreSQL an `integer` has 32 bits; SQLite takes any number in one, and notices nothing. */
it.each([
  ['runs', 'ttl_ms'],
  ['runs', 'last_seq'],
  ['journal', 'seq'],
])('%s.%s is a column for numbers that pass 32 bits', (table, column) => {
  expect(drawn()[table]).toContain(`bigint ${column}`);
});

it('keeps a time of 100 years, as a number', async () => {
  const store = await openSqliteStore(testDirectory('schema'));
  const ttlMs = 100 * 365 * 86_400_000;
  await store.runs.add({ id: 'run', taskId: 'nightly', ttlMs });
  expect(await store.runs.find('run')).toMatchObject({ ttlMs });
  await store.close();
});

it('the picture of the store shows every table with every column', async () => {
  const directory = testDirectory('schema');
  await (await openSqliteStore(directory)).close();
  const database = new DatabaseSync(join(directory, 'optio.db'), { readOnly: true });
  // Without the index of texts, and what SQLite makes of that.
  const ours =
    "select name from pragma_table_list where type = 'table' and schema = 'main' and name not like 'sqlite_%'";
  const names = database.prepare(ours).all() as { name: string }[];
  const columns = database.prepare('select name, type from pragma_table_info(?)');
  const made = names.map(({ name }) => {
    const rows = columns.all(name) as { name: string; type: string }[];
    return [name, rows.map((row) => `${row.type.toLowerCase()} ${row.name}`)] as const;
  });
  database.close();
  expect(drawn()).toEqual(Object.fromEntries(made));
});
