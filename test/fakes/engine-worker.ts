// A process that works on the runs of a data directory: it launches them where there are none, allows what is asked, goes
// on with the messages that are to be sent, prints each event that it sees as a line of JSON, and in the end each outcome
// and how often it has written to the journal. It may be told to die at such a write.
import type { RunEvent } from '../../src/contract/event.ts';
import type { RunOutcome, RunState } from '../../src/contract/outcome.ts';
import type { RunSpec } from '../../src/contract/run-spec.ts';
import { Engine } from '../../src/engine/engine.ts';
import { LocalHost } from '../../src/hosts/local.ts';
import { type CodexTaskOptions, createCodexTask } from '../../src/session/task.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import type { Journal, JournalEntry } from '../../src/store/store.ts';
import type { RetryPolicy } from '../../src/task/task.ts';
import { cutWrite } from '../support/cut-write.ts';

export interface Orders {
  readonly directory: string;
  readonly home: string;
  readonly spec: RunSpec;
  /** How many runs there are to be (1). */
  readonly runs?: number;
  /** What is sent after the first turn, one message after each; then the run is told that it is over. */
  readonly messages?: readonly string[];
  /**
   * It dies at a write, numbered from 1: `before` it, `after` it, or `within` it: in the middle of its transaction; or as soon
   * as an event of this type is written.
   */
  readonly dies?:
    | { readonly at: number; readonly when: 'before' | 'within' | 'after' }
    | {
        readonly event: RunEvent['type'] | `run.state ${RunState}`;
        /** At the how-manieth of them that this process writes (1). */
        readonly nth?: number;
      };
  /** How often a run is tried (once). */
  readonly retry?: RetryPolicy;
  /** It sends this as soon as something is asked, once in the life of the run. */
  readonly meanwhile?: { readonly text: string; readonly steer: boolean };
  /** It sends this with this key when it has seen the end of the first turn, and says that the run is over when that turn is. */
  readonly keyed?: { readonly text: string; readonly idempotencyKey: string };
  /** It puts these into the queue of its run at once, each under a key of its own, whoever has done so before. */
  readonly queued?: readonly string[];
  /** It says that the run is over when a turn has ended that the agent ended with these words. */
  readonly finishesAfter?: string;
  /** It answers nothing that is asked. */
  readonly isSilent?: boolean;
  /** It pauses the run as soon as it has seen this, or resumes one that is paused. */
  readonly pausesAt?: 'item.started command';
  readonly resumes?: boolean;
  /** It gives the order to stop as soon as it has seen an event of this type. */
  readonly cancelsAt?: RunEvent['type'];
}

const {
  directory,
  home,
  spec,
  runs = 1,
  messages,
  dies,
  cancelsAt,
  isSilent,
  meanwhile,
  keyed,
  queued = [],
  finishesAfter,
  pausesAt,
  resumes,
  retry,
}: Orders = JSON.parse(process.argv[2] ?? '{}');

let writes = 0;
let seen = 0;
/** Whoever is in the middle of writing this dies. */
let fatal: JournalEntry | undefined;

function isTime(when: 'before' | 'within' | 'after'): boolean {
  return dies !== undefined && 'at' in dies && dies.when === when && dies.at === writes;
}

function die(): void {
  process.kill(process.pid, 'SIGKILL');
}

function mortal(journal: Journal): Journal {
  return {
    read: (...args) => journal.read(...args),
    readPiece: (...args) => journal.readPiece(...args),
    compact: (...args) => journal.compact(...args),
    async append(entry) {
      writes++;
      if (isTime('before')) die();
      if (isTime('within')) fatal = entry;
      await journal.append(entry);
      if (isTime('after')) die();
      if (!dies || !('event' in dies)) return;
      for (const event of entry.events) if (nameOf(event).startsWith(dies.event)) seen++;
      if (seen >= (dies.nth ?? 1)) die();
    },
  };
}

function nameOf(event: RunEvent): string {
  return event.type === 'run.state' ? `${event.type} ${event.state}` : event.type;
}

cutWrite(() => fatal, die);
const store = await openSqliteStore(directory);
const engine = await Engine.open({
  store: { ...store, journal: mortal(store.journal) },
  host: new LocalHost({ home }),
  directories: { data: directory, workspaces: `${directory}-workspaces` },
  env: { PATH: process.env.PATH, HOME: home },
  revive: (definition) => createCodexTask(definition as CodexTaskOptions),
});
const known = await engine.runs.list();
if (known.length < runs)
  await engine.tasks.define(createCodexTask({ id: 'task', name: 'Task', config: spec, ...(retry && { retry }) }));
const ids = known.map(({ id }) => id);
while (ids.length < runs) ids.push((await engine.launch('task')).id);
const outcomes = await Promise.all(ids.map(watch));
await engine.close();
await store.close();
process.stdout.write(`${JSON.stringify({ outcomes, writes })}\n`);

async function watch(runId: string): Promise<RunOutcome> {
  const { add } = engine.controls.queues.of(runId);
  for (const [at, text] of queued.entries()) await add(text, { idempotencyKey: `q${at + 1}` });
  let said = '';
  let hasSent = false;
  for await (const event of engine.runs.events(runId)) {
    process.stdout.write(`${JSON.stringify({ runId, event })}\n`);
    if (event.type === cancelsAt) void engine.controls.cancel(runId, 'enough');
    if (pausesAt && event.type === 'item.started' && event.item.kind === 'command') {
      await untilDone(() => engine.controls.pause(runId));
      await untilDone(() => engine.controls.resume(runId));
    }
    if (resumes && event.type === 'run.state' && event.state === 'paused')
      await untilDone(() => engine.controls.resume(runId));
    if (event.type === 'request.opened' && meanwhile) await sendMeanwhile(runId, meanwhile);
    if (event.type === 'request.opened' && !isSilent) await allow(runId, event.request.id);
    if (event.type === 'item.completed' && event.item.kind === 'agentMessage') said = event.item.text;
    if (event.type === 'turn.ended' && said === finishesAfter)
      await untilDone(async () => engine.controls.live(runId).controls.finish());
    if (keyed && event.type === 'turn.ended' && !hasSent) {
      hasSent = true;
      void untilDone(() => sendKeyed(runId, keyed));
    }
    if (messages && event.type === 'turn.ended' && event.threadId === undefined) await goOn(runId, event.seq, messages);
  }
  return engine.runs.outcome(runId);
}

/** Nobody waits for its turn: something is asked, and may be so for long. */
async function sendMeanwhile(runId: string, { text, steer }: NonNullable<Orders['meanwhile']>): Promise<void> {
  for await (const event of engine.runs.past(runId)) if (event.type === 'message.sent' && event.text === text) return;
  await untilDone(
    async () =>
      void engine.controls
        .live(runId)
        .controls.send(text, { steer })
        .catch(() => {}),
  );
}

async function sendKeyed(runId: string, { text, idempotencyKey }: NonNullable<Orders['keyed']>): Promise<void> {
  const turn = await engine.controls.send(runId, text, { idempotencyKey });
  const { text: answer } = await turn.completed;
  process.stdout.write(`${JSON.stringify({ keyed: { turnId: turn.id, answer } })}\n`);
  await engine.controls.finish(runId);
}

/** Codex asks again when somebody new has come; until then nobody here waits for the answer. */
async function allow(runId: string, requestId: string): Promise<void> {
  await untilDone(async () => {
    if ((await store.requests.find(runId, requestId))?.state !== 'open') return;
    await engine.controls.live(runId).answer(requestId, { kind: 'decision', behavior: 'allow' }, 'worker');
  });
}

/** Sends what comes after the turn that ended there, unless somebody has done so. */
async function goOn(runId: string, endedAt: number, next: readonly string[]): Promise<void> {
  const sent = [];
  for (
    let after = 0, page = await store.journal.read(runId, 0);
    page.length > 0;
    page = await store.journal.read(runId, after)
  ) {
    sent.push(...page.filter(({ type }) => type === 'message.sent'));
    after = page.at(-1)?.seq ?? after;
  }
  if (sent.some(({ seq }) => seq > endedAt)) return;
  const message = next[sent.length - 1];
  await untilDone(async () => {
    const { controls } = engine.controls.live(runId);
    if (message === undefined) controls.finish();
    else await controls.send(message, { steer: false });
  });
}

/** A run that is being taken up is not there yet. */
async function untilDone(act: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      return await act();
    } catch (error) {
      const { code } = error as { code?: string };
      if (code !== 'conversation-not-ready' && code !== 'not-found') throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
