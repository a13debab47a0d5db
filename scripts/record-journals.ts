// Records the journals of real runs, with the real codex and a scripted model, into test/contract/journals/, for the tests of
// the reducer: node scripts/record-journals.ts. To be run again when there is a new kind of event, or another pinned codex.
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunEvent } from '../src/contract/event.ts';
import type { RunSpec } from '../src/contract/run-spec.ts';
import { Engine } from '../src/engine/engine.ts';
import type { ProcessIdentity } from '../src/hosts/host.ts';
import { LocalHost } from '../src/hosts/local.ts';
import { removeDirectory } from '../src/hosts/remove.ts';
import { createCodexTask } from '../src/session/task.ts';
import { openSqliteStore } from '../src/store/sqlite.ts';
import {
  addFile,
  callTool,
  cut,
  endTurn,
  escalate,
  type ModelScript,
  plan,
  ScriptedModel,
  say,
  shell,
  think,
} from '../src/testing/index.ts';

const JOURNALS = join(import.meta.dirname, '../test/contract/journals');

interface Scene {
  readonly spec?: Partial<RunSpec>;
  readonly script: ModelScript;
  /** What somebody does meanwhile. */
  readonly onEvent?: (event: RunEvent, recording: Recording) => Promise<void>;
}

interface Recording {
  readonly engine: Engine;
  readonly id: string;
}

const slowly = (text: string) => say(text, { chunk: 8, everyMs: 60 });
const isCommand = (event: RunEvent) => event.type === 'item.started' && event.item.kind === 'command';
const onTurn = (event: RunEvent, status: string) =>
  event.type === 'turn.ended' && event.status === status && event.threadId === undefined;

async function answer(event: RunEvent, { engine, id }: Recording, behavior: 'allow' | 'deny'): Promise<void> {
  if (event.type === 'request.opened')
    await engine.controls.answer(id, event.request.id, { kind: 'decision', behavior }, 'ada');
}

const LONG = 'This text is never said to its end, since somebody has heard enough of it by then. '.repeat(5);
const CHILD = 'Look for the readme.';

const SCENES: Readonly<Record<string, Scene>> = {
  work: {
    spec: { permissionGate: true, reasoningEffort: 'low' },
    script: [
      think('There may be something to see.'),
      plan(['look', 'in_progress'], ['change', 'pending']),
      shell('for n in 1 2 3 4; do echo line $n; sleep 0.1; done'),
      slowly('I have looked, and will change something now.'),
      addFile('new.txt', 'one\ntwo\n'),
      escalate('echo three >> new.txt', 'It wants to write.'),
      cut(),
      plan(['look', 'completed'], ['change', 'completed']),
      slowly('That is done.'),
    ],
    onEvent: (event, recording) => answer(event, recording, 'allow'),
  },
  refused: {
    spec: { permissionGate: true },
    script: [escalate('touch /etc/motd', 'The greeting has to be seen.'), slowly('Then not.')],
    onEvent: (event, recording) => answer(event, recording, 'deny'),
  },
  interrupted: {
    spec: { endRule: 'told' },
    script: [shell('echo half; sleep 600'), slowly(LONG), endTurn(), slowly('With another model.'), endTurn()],
    async onEvent(event, { engine, id }) {
      const isText = event.type === 'item.delta' && event.part === 'text' && LONG.startsWith(event.delta);
      if (isCommand(event) || isText) void engine.controls.live(id).controls.interrupt();
      if (onTurn(event, 'completed')) engine.controls.live(id).controls.finish();
      if (!onTurn(event, 'interrupted')) return;
      engine.controls.live(id).controls.requestModelChange('another');
      void engine.controls.live(id).controls.send('Go on.', { steer: false });
    },
  },
  'sub-agent': {
    spec: { permissionGate: true },
    script({ userText, outputs }) {
      if (userText === CHILD)
        return outputs.length === 0 ? [escalate('ls > list.txt')] : [slowly('There is no readme here.')];
      if (outputs.length === 0) return [callTool('spawn_agent', { message: CHILD }, 'multi_agent_v1')];
      const targets = [(JSON.parse(outputs[0] ?? '{}') as { agent_id: string }).agent_id];
      if (outputs.length === 1) return [callTool('wait_agent', { targets }, 'multi_agent_v1')];
      return [slowly('Nobody has found one.')];
    },
    onEvent: (event, recording) => answer(event, recording, 'allow'),
  },
  paused: {
    script: [slowly('I begin.'), shell('echo half; sleep 600'), slowly('I went on.')],
    async onEvent(event, { engine, id }) {
      if (isCommand(event)) await engine.controls.pause(id, 'it is late');
      if (onTurn(event, 'interrupted')) await engine.controls.resume(id);
    },
  },
  relaunched: {
    spec: { endRule: 'told', permissionGate: true },
    script: [slowly('I begin.'), escalate('echo half'), slowly('Another codex went on.')],
    async onEvent(event, { engine, id }) {
      if (event.type === 'request.opened') await killCodex(engine, id);
      if (event.type === 'session.started' && event.isResumed) {
        await engine.controls.session(id).then((session) => session.send('Go on.', { steer: false }));
      }
      if (onTurn(event, 'completed')) engine.controls.live(id).controls.finish();
    },
  },
};

async function killCodex(engine: Engine, id: string): Promise<void> {
  const { checkpoint } = (await engine.runs.find(id)) ?? {};
  process.kill((checkpoint as { codex: ProcessIdentity }).codex.pid, 'SIGKILL');
}

for (const [name, scene] of Object.entries(SCENES)) {
  const events = await record(scene);
  writeFileSync(join(JOURNALS, `${name}.json`), `[\n${events.join(',\n')}\n]\n`);
  console.log(`${name}: ${events.length} events`);
}

/** The journal as it came, an event a line, with nothing of this machine in it. */
async function record({ spec, script, onEvent }: Scene): Promise<string[]> {
  const root = mkdtempSync('/var/tmp/optio-codex-test-record-');
  const [data, home] = [join(root, 'data'), join(root, 'home')];
  for (const directory of [data, home, JOURNALS]) mkdirSync(directory, { recursive: true });
  await using model = await ScriptedModel.start({ script });
  await using store = await openSqliteStore(data);
  const engine = await Engine.open({
    store,
    host: new LocalHost({ home }),
    directories: { data, workspaces: join(root, 'workspaces') },
    env: { PATH: process.env.PATH, HOME: home },
  });
  const config: RunSpec = {
    instructions: 'Begin.',
    autoStart: true,
    endRule: 'firstTurn',
    workspace: { fresh: true },
    provider: { baseUrl: model.url, name: 'the scripted model' },
    model: 'scripted',
    ...spec,
  };
  await engine.tasks.define(createCodexTask({ id: 'task', name: 'Task', config }));
  const { id } = await engine.launch('task');
  const lines: string[] = [];
  for await (const event of engine.runs.events(id)) {
    lines.push(JSON.stringify(event).replaceAll(root, '/machine').replaceAll(model.url, 'http://model'));
    await onEvent?.(event, { engine, id });
  }
  await engine.close();
  await removeDirectory(root);
  return lines;
}
