import { expect, it } from 'vitest';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { testDirectory } from '../support/directories.ts';

const at = '2026-11-24T10:00:00.000Z';

it('keeps launch blocks until each of them is removed, over restarts', async () => {
  const directory = testDirectory();
  const first = await openSqliteStore(directory);
  const same = { metadata: { team: 'red' }, reason: 'audit', createdAt: at };
  await first.launchBlocks.add({ id: 'b', ...same });
  await first.launchBlocks.add({ id: 'a', ...same });
  await first.launchBlocks.remove('b');
  await first.close();
  await using second = await openSqliteStore(directory);
  expect(await second.launchBlocks.list()).toEqual([{ id: 'a', ...same }]);
});
