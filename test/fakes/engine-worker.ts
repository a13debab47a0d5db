// A process that works on the run of a data directory: it launches one where there is none, allows what is asked, prints
// each event that it sees as a line of JSON, and the outcome at last. It may be told to die at a write of the journal.
import type { RunSpec } from '../../src/contract/run-spec.ts';
import { Engine } from '../../src/engine/engine.ts';
import { LocalHost } from '../../src/hosts/local.ts';
import { type CodexTaskOptions, createCodexTask } from '../../src/session/task.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import type { Journal } from '../../src/store/store.ts';

interface Orders {
  readonly directory: string;
  readonly home: string;
  readonly spec: RunSpec;
  /** It dies at the so-manieth write, from 1: `before` it, `after` it, or `within`: after it began and before it has ended. */
  readonly dies?: { readonly at: number; readonly when: 'before' | 'after' | 'within' };
}

const { directory, home, spec, dies }: Orders = JSON.parse(process.argv[2] ?? '{}');

let writes = 0;
function die(when: string): void {
  if (dies?.when === when && dies.at === writes) process.kill(process.pid, 'SIGKILL');
}

function mortal(journal: Journal): Journal {
  return {
    read: (...args) => journal.read(...args),
    compact: (...args) => journal.compact(...args),
    async append(entry) {
      writes++;
      die('before');
      const written = journal.append(entry);
      die('within');
      await written;
      die('after');
    },
  };
}

const store = await openSqliteStore(directory);
const engine = await Engine.open({
  store: { ...store, journal: mortal(store.journal) },
  host: new LocalHost({ home }),
  directories: { data: directory, workspaces: `${directory}-workspaces` },
  env: { PATH: process.env.PATH, HOME: home },
  revive: (definition) => createCodexTask(definition as CodexTaskOptions),
});
const [known] = await engine.list();
let runId = known?.id;
if (!runId) {
  engine.define(createCodexTask({ id: 'task', name: 'Task', config: spec }));
  ({ id: runId } = await engine.launch('task'));
}
for await (const event of engine.events(runId)) {
  process.stdout.write(`${JSON.stringify({ event })}\n`);
  if (event.type !== 'request.opened') continue;
  const { request } = event;
  const isOpen = (await store.requests.find(runId, request.id))?.state === 'open';
  if (isOpen) await answer(runId, request.id);
}
const outcome = await engine.outcome(runId);
await engine.close();
await store.close();
process.stdout.write(`${JSON.stringify({ runId, outcome, writes })}\n`);

/** Codex asks again when somebody new has come; until then nobody here waits for the answer. */
async function answer(id: string, requestId: string): Promise<void> {
  for (;;) {
    try {
      await engine.live(id).answer(requestId, { kind: 'decision', behavior: 'allow' }, 'worker');
      return;
    } catch {
      if ((await store.requests.find(id, requestId))?.state !== 'open') return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
