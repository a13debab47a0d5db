// Lets commands of a managed run with the whole network try the sockets that the environment of optio-codex names, and
// prints what they got. A program of its own, so that it can be run as another user: `sockets-run.ts ROOT ISOLATION`.
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import type { RunOutcome } from '../../../src/contract/outcome.ts';
import { Optio } from '../../../src/optio.ts';
import { ScriptedModel, say, shell } from '../../../src/testing/index.ts';

export interface SocketReport {
  readonly uid: number;
  readonly status: RunOutcome['status'];
  /** How often codex asked for permission. */
  readonly asked: number;
  /** What each command, plain and escalated, got of each socket. */
  readonly answers: readonly Readonly<Record<string, string>>[];
}

/** Sockets in a directory that commands may write, by name, and one beside it. */
const SOCKETS = {
  agent: 'open/agent/socket',
  docker: 'open/docker.sock',
  bus: 'open/deep/er/bus',
  decoy: 'open/decoy',
  tmux: 'beside/tmux',
  'decoy beside': 'beside/decoy',
};
/** What commands try to rename, and what would be found then. */
const RENAMED = { 'open/agent': 'open/agent2', 'open/deep': 'open/deep2', 'open/docker.sock': 'open/docker2' };
const FOUND = {
  'renamed agent': 'open/agent2/socket',
  'renamed bus': 'open/deep2/er/bus',
  'renamed docker': 'open/docker2',
};

export async function askForSockets(root: string, isolation: 'standard' | 'strict'): Promise<SocketReport> {
  const [home, workspace] = [join(root, 'home'), join(root, 'workspace')];
  for (const directory of [home, workspace]) mkdirSync(directory, { recursive: true });
  const servers = Object.values(SOCKETS).map(async (path) => {
    mkdirSync(join(root, dirname(path)), { recursive: true });
    const server = createServer((socket) => socket.end());
    await new Promise<void>((resolve) => server.listen(join(root, path), resolve));
    return server;
  });
  const listening = await Promise.all(servers);
  const rename = Object.entries(RENAMED).map(([from, to]) => `mv '${root}/${from}' '${root}/${to}' 2>/dev/null`);
  const connect = Object.entries({ ...SOCKETS, ...FOUND }).map(
    ([name, path]) => `print "${name}=", IO::Socket::UNIX->new(Peer => "${root}/${path}") ? "REACHED" : "$!", "\\n";`,
  );
  // Each command has a sandbox of its own, so that the one finds what the other has renamed.
  const commands = [rename.join('; '), `perl -MIO::Socket::UNIX -e '${connect.join(' ')}'`];
  const steps = [{}, { escalate: 'I need it' }].flatMap((options) =>
    commands.map((command) => shell(command, options)),
  );
  const model = await ScriptedModel.start({ script: [...steps, say('done')] });
  const env = {
    PATH: process.env.PATH,
    HOME: home,
    LANG: 'C.UTF-8',
    SSH_AUTH_SOCK: join(root, SOCKETS.agent),
    DOCKER_HOST: `unix://${root}/${SOCKETS.docker}`,
    DBUS_SESSION_BUS_ADDRESS: `unix:abstract=none;unix:path=${root}/${SOCKETS.bus},guid=1`,
    TMUX: `${root}/${SOCKETS.tmux},1,0`,
  };
  const optio = await Optio.open({ dataDir: join(root, 'data'), env });
  const handle = await optio.run({
    instructions: 'Ask.',
    workspace: { directory: workspace },
    provider: { baseUrl: model.url },
    model: 'scripted',
    permissionGate: true,
    isolation,
    networkAccess: true,
    allowedDirs: [{ path: join(root, 'open'), mode: 'rw' }],
    // Lies within what is denied for the bus.
    deniedPaths: [join(root, 'open/deep/er')],
  });
  let asked = 0;
  for await (const event of handle.events()) {
    if (event.type !== 'request.opened') continue;
    asked++;
    await handle.answer(event.request.id, { kind: 'decision', behavior: 'allow' });
  }
  const { status } = await handle.outcome;
  const outputs = model.requests.at(-1)?.outputs ?? [];
  const answers = outputs
    .map((output) =>
      Object.fromEntries([...output.matchAll(/^([a-z ]+)=(.*)$/gm)].map(([, name, said]) => [name, said])),
    )
    .filter((answer) => 'decoy' in answer);
  await optio.close();
  await model.close();
  for (const server of listening) server.close();
  return { uid: process.getuid?.() ?? -1, status, asked, answers };
}

const [root, isolation] = process.argv.slice(2);
if (process.argv[1] === import.meta.filename && root) {
  process.stdout.write(JSON.stringify(await askForSockets(root, isolation as 'standard' | 'strict')));
}
