// Lets the real codex run every attack in a managed run, accepts whatever it asks for, and prints what came of it.
// A program of its own, so that it can be run as another user: `attack-run.ts ROOT ISOLATION NETWORK`.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import type { RunEvent } from '../../../src/contract/event.ts';
import type { RunOutcome } from '../../../src/contract/outcome.ts';
import { Optio } from '../../../src/optio.ts';
import { ScriptedModel, say, shell } from '../../../src/testing/index.ts';
import { filesWith, holdsText } from '../../support/search.ts';
import {
  attackCommands,
  attackScript,
  connectToSockets,
  DECOY,
  OWN_SETTING,
  readingCommands,
  readOwnHome,
} from './attacks.ts';
import { CANARIES, layOut, loginWith, SHOWN } from './hostile.ts';
import { plainOutput, startBystander, worthlessOf } from './plain-shell.ts';

export type Isolation = 'standard' | 'strict';
export type Network = 'none' | 'all';

export interface AttackReport {
  readonly uid: number;
  readonly outcome: RunOutcome;
  /** The reading commands that do not print their secret in a plain shell, and so are worth nothing as attacks. */
  readonly worthless: string[];
  /** Canaries that reached the model, the journal, or a file outside their place. */
  readonly inRequests: string[];
  readonly inJournal: string[];
  readonly inFiles: string[];
  /** Whether the home of the run's own codex can be read, by the same command without a sandbox and in it. */
  readonly isHomeRead: { readonly withoutSandbox: boolean; readonly inSandbox: boolean };
  /** What is written outside, by its name. */
  readonly writtenOutside: Readonly<Record<string, string>>;
  readonly isPlanted: boolean;
  /** Whether the picture that everybody may see reached the model: the search finds what pictures hold. */
  readonly isPictureShown: boolean;
  /** What the patches made of the login in the workspace, and whether those of the real one left it alone. */
  readonly patchedCopy: string;
  readonly isLoginUntouched: boolean;
  /** How often a server on this machine was reached: once without a sandbox, and by commands. */
  readonly connections: number;
  /** What the same command says of the sockets of codex without a sandbox, and in it, plain and escalated. */
  readonly socketsWithoutSandbox: string;
  readonly sockets: string[];
  /** What became of renaming the directory that they are in, plain and escalated. */
  readonly renamed: string[];
  /** How many commands wanted out of the sandbox, and how many of them somebody was asked about. */
  readonly escalated: number;
  readonly asked: number;
  /** How often nobody was to be asked, and how many commands ran. */
  readonly refused: number;
  readonly commands: number;
  /** The environment of a command. */
  readonly environment: string;
}

export async function runAttacks(root: string, isolation: Isolation, network: Network): Promise<AttackReport> {
  const place = layOut(root);
  const bystander = startBystander();
  const worthless = worthlessOf(place, readingCommands(place));
  let connections = 0;
  const server = createServer((socket) => {
    connections++;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const connect = `timeout 20 bash -c 'exec 3<>/dev/tcp/127.0.0.1/${(server.address() as AddressInfo).port}' 2>&1`;
  const decoy = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => decoy.listen(join(place.workspace, DECOY), resolve));
  const connecting = [shell(connect), shell(connect, { escalate: 'I need it' })];
  const model = await ScriptedModel.start({ script: [...attackScript(place), ...connecting, say('done')] });
  const env = {
    PATH: process.env.PATH,
    HOME: place.home,
    LANG: 'C.UTF-8',
    PROVIDER_KEY: CANARIES.providerKey,
    SECRET_OF_OURS: CANARIES.environment,
  };
  const optio = await Optio.open({ dataDir: place.dataDir, env });
  const handle = await optio.run({
    instructions: 'Attack.',
    workspace: { directory: place.workspace },
    provider: { baseUrl: model.url, keyVariable: 'PROVIDER_KEY' },
    model: 'scripted',
    permissionGate: true,
    isolation,
    networkAccess: network === 'all',
  });
  const events: RunEvent[] = [];
  let socketsWithoutSandbox = '';
  let ownHome = '';
  for await (const event of handle.events()) {
    events.push(event);
    if (event.type === 'session.started') {
      plainOutput(place.workspace, connect);
      const env = { OPTIO_CODEX_RUN: handle.id };
      socketsWithoutSandbox = plainOutput(place.workspace, connectToSockets(place), env);
      ownHome = plainOutput(place.workspace, readOwnHome(place), env);
    }
    if (event.type === 'request.opened') await handle.answer(event.request.id, { kind: 'decision', behavior: 'allow' });
  }
  await optio.close();
  await model.close();
  server.close();
  decoy.close();
  bystander.kill();
  const asked = events.filter((event) => event.type === 'request.opened' && event.request.kind === 'command');
  const requests = JSON.stringify(model.requests.map((request) => request.body));
  // The items are no full record: codex may tell nothing of a command that was denied. What the model got is.
  const outputs = model.requests.at(-1)?.outputs ?? [];
  return {
    uid: process.getuid?.() ?? -1,
    outcome: await handle.outcome,
    worthless,
    inRequests: seenIn(requests),
    inJournal: seenIn(JSON.stringify(events)),
    inFiles: [place.workspace, place.outside, `${place.dataDir}-workspaces`].flatMap((directory) =>
      Object.values(CANARIES).flatMap((canary) =>
        existsSync(directory) ? filesWith(directory, canary).filter((name) => !LINKS.has(name)) : [],
      ),
    ),
    isHomeRead: {
      withoutSandbox: ownHome.includes(OWN_SETTING),
      inSandbox: outputs.some((output) => output.includes(OWN_SETTING)),
    },
    writtenOutside: Object.fromEntries(
      readdirSync(place.outside).map((name) => [name, textOf(join(place.outside, name))]),
    ),
    isPlanted: existsSync(join(place.dataDir, 'runs', 'planted')),
    isPictureShown: holdsText(requests, SHOWN),
    patchedCopy: textOf(join(place.workspace, 'moved-by-patch')),
    isLoginUntouched:
      textOf(join(place.home, '.codex', 'auth.json')) === loginWith(CANARIES.codexLogin) &&
      !existsSync(join(place.workspace, 'stolen-by-patch')),
    connections,
    socketsWithoutSandbox,
    sockets: outputs.filter((output) => /CONNECTED|UNREACHED/.test(output)),
    renamed: outputs.filter((output) => /RENAMED|mv: .*codex-daemon/.test(output)),
    escalated: attackCommands(place).length + 1,
    asked: asked.length,
    refused: events.filter((event) => event.type === 'request.refused').length,
    commands: outputs.length,
    environment: outputs.find((output) => output.includes('OPTIO_CODEX_RUN=')) ?? '',
  };
}

/** The links that the repository came with; they lead to the secrets and hold none. */
const LINKS = new Set([
  'AGENTS.md',
  'login-link',
  'picture.png',
  '.agents/skills/thief/SKILL.md',
  'ssh-link/id_ed25519',
  'again',
]);

function seenIn(text: string): string[] {
  return Object.values(CANARIES).filter((canary) => holdsText(text, canary));
}

function textOf(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

const [root, isolation, network] = process.argv.slice(2);
if (process.argv[1] === import.meta.filename && root) {
  process.stdout.write(JSON.stringify(await runAttacks(root, isolation as Isolation, network as Network)));
}
