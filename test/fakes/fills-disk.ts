// A process whose data directory lies on a small disk, which it fills while the agent of a run works: prints what it was
// told by its own Optio, and what is on that disk afterwards, as one line of JSON.
import { createHash } from 'node:crypto';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunEvent } from '../../src/contract/event.ts';
import type { RunOutcome } from '../../src/contract/outcome.ts';
import { Optio } from '../../src/optio.ts';
import { createCodexTask } from '../../src/session/task.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import type { RequestRecord, RunRecord } from '../../src/store/store.ts';
import { escalate, pause, ScriptedModel, say } from '../../src/testing/index.ts';

/** What is printed. */
export interface Told {
  /** What the reader of the run saw, in its order. */
  readonly seen: readonly RunEvent[];
  readonly outcome: RunOutcome;
  /** The code with which something new was refused while there was no space. */
  readonly refusal: string;
  /** The run that was launched shortly before there was no space. */
  readonly launchedId: string;
  /** What was on the disk at the end. */
  readonly kept: {
    readonly events: readonly RunEvent[];
    readonly run: RunRecord | undefined;
    readonly launched: RunRecord | undefined;
    readonly request: RequestRecord | undefined;
  };
}

const DAY_MS = 86_400_000;
const [disk = '', home = '', workspace = ''] = process.argv.slice(2);
const env = { PATH: process.env.PATH, HOME: home };
const filled = Promise.withResolvers<void>();
const model = await ScriptedModel.start({
  script: ({ number, userText }) => {
    if (userText.startsWith('The last turn was cut short')) return [say('done all the same')];
    if (number === 1) return [escalate('echo one >> out.txt')];
    return [pause(filled.promise), say('x'.repeat(3_000_000), { chunk: 20_000 }), say('never')];
  },
});
const data = join(disk, 'data');
const optio = await Optio.open({ dataDir: data, workspacesDir: join(home, 'workspaces'), env });
const provider = { baseUrl: model.url };
const spec = { instructions: 'Go.', provider, model: 'scripted', autoStart: true, endRule: 'firstTurn' } as const;
await optio.define(createCodexTask({ id: 'later', name: 'Later', config: { ...spec, workspace: { fresh: true } } }));
const handle = await optio.run({ ...spec, workspace: { directory: workspace }, permissionGate: true });
const seen: RunEvent[] = [];
let [refusal, launchedId, requestId] = ['', '', ''];
for await (const event of handle.events()) {
  seen.push(brief(event));
  if (event.type === 'request.opened') {
    requestId = event.request.id;
    await handle.answer(requestId, { kind: 'decision', behavior: 'allow' }, { by: 'ada' });
  }
  if (event.type === 'item.completed' && event.item.kind === 'command') {
    launchedId = (await optio.launch('later', { notBefore: new Date(Date.now() + DAY_MS) })).id;
    fill();
    filled.resolve();
  }
  // The turn has ended that the pause cut: there is no space, and all of it is written down.
  if (event.type === 'turn.ended' && event.status === 'interrupted') {
    const more = optio.run({ ...spec, workspace: { fresh: true } });
    refusal = await more.then(
      () => 'none',
      ({ code }) => code,
    );
    makeSpace();
  }
}
const outcome = await handle.outcome;
await optio.close({ leave: true });
await model.close();
const told: Told = { seen, outcome, refusal, launchedId, kept: await look() };
process.stdout.write(`${JSON.stringify(told)}\n`);

/** What anybody finds who opens the directory. */
async function look(): Promise<Told['kept']> {
  await using store = await openSqliteStore(data);
  const events: RunEvent[] = [];
  for (let page = await store.journal.read(handle.id, 0); page.length > 0; ) {
    events.push(...page.map(brief));
    page = await store.journal.read(handle.id, page.at(-1)?.seq ?? 0);
  }
  const [run, launched] = [await store.runs.find(handle.id), await store.runs.find(launchedId)];
  return { events, run, launched, request: await store.requests.find(handle.id, requestId) };
}

/** There is much text. */
function brief(event: RunEvent): RunEvent {
  if (event.type !== 'item.delta') return event;
  return { ...event, delta: createHash('sha256').update(event.delta).digest('hex') };
}

function fill(): void {
  let files = 0;
  for (const size of [1 << 20, 1 << 12]) {
    try {
      for (;;) writeFileSync(join(disk, `filler-${files++}`), Buffer.alloc(size));
    } catch {
      // Until nothing of this size fits any more.
    }
  }
}

function makeSpace(): void {
  for (const name of readdirSync(disk)) if (name.startsWith('filler-')) rmSync(join(disk, name));
}
