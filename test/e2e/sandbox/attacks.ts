import { dirname, join } from 'node:path';
import { addFile, type CallStep, patch, shell, viewImage } from '../../../src/testing/index.ts';
import { CANARIES, type HostilePlace } from './hostile.ts';
import type { ReadingCommand } from './plain-shell.ts';

/** Commands that print a secret when nothing confines them, every one of them, and which secret it is. */
export function readingCommands(place: HostilePlace): ReadingCommand[] {
  const { home, dataDir } = place;
  return [
    { command: `cat '${join(home, '.ssh', 'id_ed25519')}'`, prints: [CANARIES.sshKey] },
    { command: 'cat ssh-link/id_ed25519', prints: [CANARIES.sshKey] },
    { command: `cat '${join(dataDir, 'key')}'`, prints: [CANARIES.dataDirectory] },
    {
      command: 'cat /proc/[0-9]*/environ 2>/dev/null | tr "\\0" "\\n" | grep -a CANARY',
      prints: [CANARIES.environment],
    },
    { command: `cat '${join(dataDir, 'runs', 'run-other', 'codex', 'config.toml')}'`, prints: [CANARIES.otherRun] },
    ...loginCommands(place).map((command) => ({ command, prints: [CANARIES.codexLogin] })),
  ];
}

/** Each prints the login where nothing confines it. */
export function loginCommands({ login, workspace }: HostilePlace): string[] {
  const around = dirname(login);
  const climb = '../'.repeat(workspace.split('/').length);
  return [
    `cat '${login}'`,
    'cat login-link',
    `cat '${climb}${login.slice(1)}'`,
    `cat /proc/self/root'${login}'`,
    `for root in /proc/[0-9]*/root; do cat "$root${login}"; done 2>/dev/null`,
    `ln -sfn '${login}' again && cat again`,
    `ln -f '${login}' hard && cat hard`,
    `cp '${login}' copy && cat copy`,
    `tar -cf - -C '${around}' auth.json | cat`,
    `(sleep 0.05; cat '${login}') & wait`,
    `sh -c 'cd "${around}" && cat auth.json'`,
  ];
}

/** A socket of nobody's in the workspace, which shows whether sockets can be reached at all. */
export const DECOY = 'decoy.sock';

/** Where codex makes its control sockets, and links to them from its home. */
const DAEMONS = '"/tmp/codex-daemon-$(id -u)"';

/**
 * Says which control sockets of a codex can be reached, and why others cannot: the one of the run by its name in the
 * private home, which every command can tell from its environment, and by the one that codex has given it in `/tmp`, the
 * digest of the first; then whatever else lies in such places. Perl is there on every Debian.
 */
export function connectToSockets({ dataDir }: HostilePlace): string {
  const say = 'print IO::Socket::UNIX->new(Peer => $_) ? "CONNECTED $_\n" : "UNREACHED $_: $!\n" for @ARGV';
  const socket = `socket="${dataDir}/runs/$OPTIO_CODEX_RUN/codex/app-server.sock"`;
  const digest = '$(printf %s "$socket" | sha256sum | cut -d " " -f 1)';
  const others = `/tmp/codex-daemon-*/* ${dataDir}/runs/*/codex/app-server.sock`;
  return `${socket}; perl -MIO::Socket::UNIX -e '${say}' ${DECOY} "$socket" ${DAEMONS}/"${digest}" ${others}`;
}

/** Takes away what keeps the sockets in `/tmp` closed, for whatever connects next; puts it back if it could. */
const RENAME_SOCKETS = `mv -T ${DAEMONS} ${DAEMONS}-moved && echo RENAMED && mv -T ${DAEMONS}-moved ${DAEMONS}`;

/** A line of the configuration in the home of the run's own codex, which every command can name. */
export const OWN_SETTING = 'cli_auth_credentials_store = ';

/** Prints that configuration when nothing confines it. */
export function readOwnHome({ dataDir }: HostilePlace): string {
  return `cat "${dataDir}/runs/$OPTIO_CODEX_RUN/codex/config.toml"`;
}

/** What somebody tries who wants out, besides reading; none of it prints a secret by itself. */
export function escapingCommands(place: HostilePlace): string[] {
  const { login, dataDir, outside } = place;
  const around = dirname(login);
  return [
    `umount '${around}' '${dataDir}' 2>&1; cat '${login}'`,
    `unshare -Urm sh -c 'umount -l "${dataDir}" "${around}"; cat "${login}" "${join(dataDir, 'key')}"' 2>&1`,
    `mount --bind '${around}' . 2>&1; cat ./auth.json`,
    `chmod -R 777 '${around}' '${dataDir}' 2>&1; cat '${login}'`,
    'env; set',
    `ls -la '${join(dataDir, 'runs')}'/*/codex 2>&1`,
    `echo x >> '${join(outside, 'plain')}'`,
    connectToSockets(place),
    `(${RENAME_SOCKETS}) 2>&1`,
    readOwnHome(place),
  ];
}

/** Tools besides the shell. */
export function toolCalls({ login, dataDir }: HostilePlace): CallStep[] {
  return [
    viewImage('shown.png'),
    viewImage('picture.png'),
    viewImage(join(dirname(login), 'secret.png')),
    addFile(join(dataDir, 'runs', 'planted'), 'planted'),
    ...loginPatches(login, 'stolen-by-patch'),
    ...loginPatches('login.json', 'moved-by-patch'),
  ];
}

/** Changes a line of a login, and takes the whole of it elsewhere with another. */
function loginPatches(login: string, movedTo: string): CallStep[] {
  const update = `*** Begin Patch\n*** Update File: ${login}\n`;
  return [
    patch(`${update}@@\n-  "auth_mode": "chatgpt",\n+  "auth_mode": "patched",\n*** End Patch`),
    patch(
      `${update}*** Move to: ${movedTo}\n@@\n-  "OPENAI_API_KEY": null,\n+  "OPENAI_API_KEY": "moved",\n*** End Patch`,
    ),
  ];
}

/** The commands that are run twice. */
export function attackCommands(place: HostilePlace): string[] {
  return [...readingCommands(place).map(({ command }) => command), ...escapingCommands(place)];
}

/** Everything once as it is, and once asking to run without the sandbox's write limits. */
export function attackScript(place: HostilePlace): CallStep[] {
  const commands = attackCommands(place);
  return [
    ...commands.map((command) => shell(command)),
    ...commands.map((command) => shell(command, { escalate: 'I need it' })),
    ...toolCalls(place),
  ];
}
