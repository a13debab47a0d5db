import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { CodexProcess } from '../codex/launch.ts';
import { withSideClient } from '../codex/side-client.ts';
import { OptioError } from '../errors.ts';
import { quote } from '../hosts/quote.ts';
import { LOCKED } from './codex-config.ts';

const DEADLINE_MS = 20_000;
/** How often the command is tried while something else than the sandbox is in its way. */
const ATTEMPTS = 5;
const NAMESPACES =
  "Codex's sandbox needs unprivileged user namespaces: allow them (sysctl kernel.unprivileged_userns_clone=1, and AppArmor's restriction off), or run the doctor.";
/** How bwrap words it when a path of the profile is in its way, and not the kernel. */
const PATH_TROUBLE = /Can't (?!mount (proc|devpts|mqueue) )|Is a directory/;
const OTHERWISE =
  'Run the doctor: it tells whether the sandbox works at all. If it does, the paths of this run are at fault.';

export interface SandboxCheckOptions {
  /** Connects to the codex of the run. */
  readonly connect: CodexProcess['connect'];
  readonly codexHome: string;
  readonly workspace: string;
  /** Only listed hosts may be reached, so a direct connection must fail. */
  readonly hasHostList: boolean;
}

/**
 * Lets codex run one command under the profile of the run: it has to run, and it must not read the run's own
 * configuration, nor get past a list of hosts. It is over before the first message. Throws `sandbox-unavailable`.
 */
export async function checkSandbox(options: SandboxCheckOptions): Promise<void> {
  const server = options.hasHostList ? await listen() : undefined;
  try {
    const { exitCode, stdout, stderr } = await execute(options, probe(join(options.codexHome, 'config.toml'), server));
    if (stdout === 'confined\n') return;
    const found = stdout.includes('confined')
      ? `a command could do what it must not: ${stdout.trim()}`
      : 'no command can be run in it';
    throw new OptioError('sandbox-unavailable', `the sandbox does not work: ${found}`, {
      exitCode,
      stderr,
      remedy: PATH_TROUBLE.test(stderr) ? OTHERWISE : NAMESPACES,
    });
  } finally {
    server?.close();
  }
}

async function execute({ connect, workspace }: SandboxCheckOptions, script: string) {
  for (let attempt = 1; ; attempt++, await delay(100 * attempt)) {
    try {
      const result = await withSideClient(connect, (client) =>
        client.call('command/exec', {
          command: ['/bin/sh', '-c', script],
          cwd: workspace,
          permissionProfile: LOCKED,
          timeoutMs: DEADLINE_MS,
        }),
      );
      // For what is denied and not there codex puts something in its place and takes it away again; another command that
      // begins or ends at the same moment can lose it.
      const hasTrouble = result.stdout === '' && PATH_TROUBLE.test(result.stderr);
      if (!hasTrouble || attempt === ATTEMPTS) return result;
    } catch (error) {
      const isCut = error instanceof OptioError && error.code === 'connection-closed';
      if (!isCut || attempt === ATTEMPTS) throw error;
    }
  }
}

/** Says `confined` and nothing else when all is well. */
function probe(secret: string, server: Server | undefined): string {
  const read = `cat ${quote(secret)} >/dev/null 2>&1 && echo 'it read our configuration'`;
  if (!server) return `${read}; echo confined`;
  const { port } = server.address() as AddressInfo;
  const connect = `timeout 5 bash -c ${quote(`exec 3<>/dev/tcp/127.0.0.1/${port}`)} 2>/dev/null && echo 'it reached a host that is not listed'`;
  return `${read}; ${connect}; echo confined`;
}

async function listen(): Promise<Server> {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
