// Lets the real codex run every attack in a managed run, accepts whatever it asks for, and prints what came of it.
// A program of its own, so that it can be run as another user: `attack-run.ts ROOT ISOLATION`.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { RunEvent } from '../../../src/contract/event.ts';
import type { RunOutcome } from '../../../src/contract/outcome.ts';
import { Optio } from '../../../src/optio.ts';
import { run, ScriptedModel, say } from '../../../src/testing/index.ts';
import { filesWith, holdsText } from '../../support/search.ts';
import { attackScript, connectToSockets, readingCommands } from './attacks.ts';
import { CANARIES, type HostilePlace, layOut, loginWith, SHOWN } from './hostile.ts';

export interface AttackReport {
  readonly uid: number;
  readonly outcome: RunOutcome;
  /** The reading commands that do not print their secret in a plain shell, and so are worth nothing as attacks. */
  readonly worthless: string[];
  /** Canaries that reached the model, the journal, or a file outside their place. */
  readonly inRequests: string[];
  readonly inJournal: string[];
  readonly inFiles: string[];
  /** What commands wrote outside. */
  readonly writtenOutside: string[];
  readonly isPlanted: boolean;
  /** Whether the picture that everybody may see reached the model: the search finds what pictures hold. */
  readonly isPictureShown: boolean;
  /** What the patches made of the login in the workspace, and whether those of the real one left it alone. */
  readonly patchedCopy: string;
  readonly isLoginUntouched: boolean;
  readonly wasServerReached: boolean;
  /** What the same command says of the sockets of codex without a sandbox, and in it each time. */
  readonly socketsWithoutSandbox: string;
  readonly sockets: string[];
  /** How often codex asked, how often nobody was asked, and how many commands ran. */
  readonly asked: number;
  readonly refused: number;
  readonly commands: number;
  /** The environment of a command. */
  readonly environment: string;
}

export async function runAttacks(root: string, isolation: 'standard' | 'strict'): Promise<AttackReport> {
  const place = layOut(root);
  const worthless = worthlessCommands(place);
  let wasServerReached = false;
  const server = createServer((_, response) => {
    wasServerReached = true;
    response.end('reached');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const connect = `timeout 3 bash -c 'exec 3<>/dev/tcp/127.0.0.1/${(server.address() as AddressInfo).port}; echo GET / >&3'`;
  const network = [run(connect), run(connect, { escalate: 'I need it' })];
  const model = await ScriptedModel.start({ script: [...attackScript(place), ...network, say('done')] });
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
  });
  const events: RunEvent[] = [];
  let socketsWithoutSandbox = '';
  for await (const event of handle.events()) {
    events.push(event);
    if (event.type === 'session.started')
      socketsWithoutSandbox = plainOutput(place.workspace, connectToSockets(place), { OPTIO_CODEX_RUN: handle.id });
    if (event.type === 'request.opened') handle.answer(event.request.id, { kind: 'decision', behavior: 'allow' });
  }
  await optio.close();
  await model.close();
  server.close();
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
    writtenOutside: readdirSync(place.outside),
    isPlanted: existsSync(join(place.dataDir, 'runs', 'planted')),
    isPictureShown: holdsText(requests, SHOWN),
    patchedCopy: textOf(join(place.workspace, 'moved-by-patch')),
    isLoginUntouched:
      textOf(join(place.home, '.codex', 'auth.json')) === loginWith(CANARIES.codexLogin) &&
      !existsSync(join(place.workspace, 'stolen-by-patch')),
    wasServerReached,
    socketsWithoutSandbox,
    sockets: outputs.filter((output) => /CONNECTED|UNREACHED/.test(output)),
    asked: events.filter((event) => event.type === 'request.opened').length,
    refused: events.filter((event) => event.type === 'request.refused').length,
    commands: outputs.length,
    environment: outputs.find((output) => output.includes('CODEX_SANDBOX_NETWORK_DISABLED')) ?? '',
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

/** Runs the reading commands without any sandbox, in a copy of the workspace, since some leave what they have read. */
function worthlessCommands(place: HostilePlace): string[] {
  const copy = `${place.workspace}-copy`;
  execFileSync('cp', ['-a', '--', place.workspace, copy]);
  const worthless = readingCommands(place).filter(
    ({ command, prints }) => !plainOutput(copy, command).includes(prints),
  );
  rmSync(copy, { recursive: true });
  return worthless.map(({ command }) => command);
}

function plainOutput(cwd: string, command: string, env: NodeJS.ProcessEnv = {}): string {
  const { stdout } = spawnSync('sh', ['-c', command], { cwd, encoding: 'utf8', env: { ...process.env, ...env } });
  return stdout;
}

const [root, isolation] = process.argv.slice(2);
if (process.argv[1] === import.meta.filename && root) {
  process.stdout.write(JSON.stringify(await runAttacks(root, isolation === 'strict' ? 'strict' : 'standard')));
}
