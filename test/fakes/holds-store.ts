import { openSqliteStore } from '../../src/store/sqlite.ts';

/** Opens the store in the directory of its first argument, writes one run, says so, and stays. */
const store = await openSqliteStore(process.argv[2] as string);
await store.runs.add({ id: 'run-1', taskId: 'nightly' });
process.stdout.write('open\n');
setInterval(() => {}, 60_000);
