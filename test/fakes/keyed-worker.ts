// A process that launches a run with an idempotency key, or removes one, and dies at a statement of that.
import { Engine } from '../../src/engine/engine.ts';
import { LocalHost } from '../../src/hosts/local.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { type Cut, cutStatement } from '../support/cut-statement.ts';

export interface Orders {
  readonly directory: string;
  /** Launched with this key. */
  readonly launch?: { readonly taskId: string; readonly idempotencyKey: string };
  /** The run to be removed. */
  readonly remove?: string;
  readonly dies: Cut;
}

const { directory, launch, remove, dies }: Orders = JSON.parse(process.argv[2] ?? '{}');

const arm = cutStatement(dies, () => process.kill(process.pid, 'SIGKILL'));
const store = await openSqliteStore(directory);
const engine = await Engine.open({
  store,
  host: new LocalHost(),
  directories: { data: directory, workspaces: `${directory}/workspaces` },
  env: {},
  limits: { total: 0 },
});
if (launch)
  await engine.tasks.define({
    id: launch.taskId,
    name: 'Task',
    metadata: { team: 'red' },
    execute: () => Promise.reject(),
  });
arm();
if (launch) await engine.launch(launch.taskId, { idempotencyKey: launch.idempotencyKey });
if (remove) await engine.removeRun(remove);
await engine.close();
await store.close();
