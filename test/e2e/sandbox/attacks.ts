import { join } from 'node:path';
import { addFile, type CallStep, patch, run, viewImage } from '../../../src/testing/index.ts';
import type { HostilePlace } from './hostile.ts';

/** Commands that print a secret when nothing confines them. */
export function readingCommands({ home, dataDir, workspace }: HostilePlace): string[] {
  const login = join(home, '.codex', 'auth.json');
  const climb = '../'.repeat(workspace.split('/').length);
  return [
    `cat '${login}'`,
    `cat '${join(home, '.ssh', 'id_ed25519')}'`,
    `cat '${join(dataDir, 'key')}'`,
    `cat '${join(dataDir, 'runs', 'run-other', 'codex', 'config.toml')}'`,
    'cat login-link',
    'cat ssh-link/id_ed25519',
    `cat '${climb}${login.slice(1)}'`,
    `cat /proc/self/root'${login}'`,
    `for root in /proc/[0-9]*/root; do cat "$root${login}"; done 2>/dev/null`,
    `ln -sfn '${login}' again && cat again`,
    `ln -f '${login}' hard 2>/dev/null && cat hard; cp '${login}' copy && cat copy`,
    `tar -cf - -C '${join(home, '.codex')}' . | cat`,
    `(sleep 0.05; cat '${login}') & wait`,
    `sh -c 'cd "${join(home, '.codex')}" && cat auth.json'`,
  ];
}

/** Says CONNECTED when the control socket of a codex can be reached. Perl is there on every Debian. */
export const CONNECT_TO_SOCKET =
  'perl -MIO::Socket::UNIX -e \'for (glob "/tmp/codex-daemon-*/*") { print "CONNECTED\\n" if IO::Socket::UNIX->new(Peer => $_) }\'';

/** What somebody tries who wants out, besides reading; none of it prints a secret by itself. */
function escapingCommands({ home, dataDir, outside }: HostilePlace): string[] {
  const login = join(home, '.codex', 'auth.json');
  return [
    `umount '${join(home, '.codex')}' '${dataDir}' 2>&1; cat '${login}'`,
    `unshare -Urm sh -c 'umount -l "${dataDir}" "${join(home, '.codex')}"; cat "${login}" "${join(dataDir, 'key')}"' 2>&1`,
    `mount --bind '${home}' . 2>&1; cat .codex/auth.json`,
    `chmod -R 777 '${join(home, '.codex')}' '${dataDir}' 2>&1; cat '${login}'`,
    'cat /proc/[0-9]*/environ 2>/dev/null | tr "\\0" "\\n"',
    'env; set',
    `ls -la '${join(dataDir, 'runs')}'/*/codex 2>&1`,
    `echo x >> '${join(outside, 'plain')}'`,
    CONNECT_TO_SOCKET,
  ];
}

/** Tools besides the shell. */
function toolCalls({ home, dataDir }: HostilePlace): CallStep[] {
  return [
    viewImage('shown.png'),
    viewImage('picture.png'),
    viewImage(join(home, '.codex', 'secret.png')),
    addFile(join(dataDir, 'runs', 'planted'), 'planted'),
    ...loginPatches(join(home, '.codex', 'auth.json'), 'stolen-by-patch'),
    ...loginPatches('login.json', 'moved-by-patch'),
  ];
}

/** Changes a line of a login, and takes the whole of it elsewhere with another. */
function loginPatches(login: string, movedTo: string): CallStep[] {
  const update = `*** Begin Patch\n*** Update File: ${login}\n`;
  return [
    patch(`${update}@@\n-  "auth_mode": "chatgpt",\n+  "auth_mode": "patched",\n*** End Patch`),
    patch(
      `${update}*** Move to: ${movedTo}\n@@\n-    "access_token": "x.y.z",\n+    "access_token": "moved",\n*** End Patch`,
    ),
  ];
}

/** Everything once as it is, and once asking to run without the sandbox's write limits. */
export function attackScript(place: HostilePlace): CallStep[] {
  const commands = [...readingCommands(place), ...escapingCommands(place)];
  return [
    ...commands.map((command) => run(command)),
    ...commands.map((command) => run(command, { escalate: 'I need it' })),
    ...toolCalls(place),
  ];
}
