import { dirname } from 'node:path';
import type { Host } from '../hosts/host.ts';
import { isWithin } from '../hosts/paths.ts';

// With the whole network a command could connect to the sockets of programs that run what they are told, outside of any
// sandbox, or that use a login for whoever asks. Only what is there is denied: where commands may write, Codex puts an
// empty file in the place of a denied path that is missing, and tmux, say, would find it in its way.

/** Where such sockets lie on every machine, in real paths. */
export async function usualSockets(host: Host): Promise<string[]> {
  const { uid } = await host.describe();
  return existing(host, [
    `/run/user/${uid}`,
    '/run/docker.sock',
    '/var/run/docker.sock',
    '/run/podman',
    '/run/containerd',
    `/tmp/tmux-${uid}`,
  ]);
}

export interface NamedSocketsOptions {
  readonly host: Host;
  /** The environment of ours that names them. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Directories that the run cannot do without, in real paths: none that holds one of them is given. */
  readonly needed: readonly string[];
  /** Those that commands may write, besides `/tmp`; needed as well. */
  readonly writable: readonly string[];
}

/** Where many programs keep their own. */
const SHARED = ['/tmp', '/var/tmp', '/run', '/dev/shm'];

/** What to deny so that no command reaches a socket that the environment names, in real paths. */
export async function namedSockets(options: NamedSocketsOptions): Promise<string[]> {
  const { host, env } = options;
  const [agent, others, shared, temporary] = await Promise.all([
    existing(host, [env.SSH_AUTH_SOCK ?? '']),
    existing(host, [unixUrl(env.DOCKER_HOST), ...busPaths(env.DBUS_SESSION_BUS_ADDRESS), tmuxPath(env.TMUX)]),
    existing(host, SHARED),
    existing(host, ['/tmp']),
  ]);
  const kept = [...shared, ...options.needed, ...options.writable];
  const open = [...temporary, ...options.writable];
  // An ssh agent has a directory of its own; that of another socket may hold programs.
  return [...agent.map((path) => oneUp(path, kept)), ...others].map((path) => outermost(path, kept, open));
}

/** The directory of a path, or the path itself where that directory is kept for other things. */
function oneUp(path: string, kept: readonly string[]): string {
  const directory = dirname(path);
  return kept.some((other) => isWithin(directory, other)) ? path : directory;
}

/**
 * The outermost directory around a path where commands may write. An accepted command could rename any below it, and
 * the next would find the socket under a name that nobody has denied; what is denied itself no command can rename. The
 * anchors of other denied paths hold plain commands only.
 */
function outermost(path: string, kept: readonly string[], open: readonly string[]): string {
  const up = oneUp(path, kept);
  return up !== path && open.some((root) => isWithin(root, up)) ? outermost(up, kept, open) : path;
}

async function existing(host: Host, paths: readonly string[]): Promise<string[]> {
  const real = await Promise.all(paths.filter((path) => path.startsWith('/')).map((path) => host.realPath(path)));
  return real.filter((path) => path !== undefined);
}

/** The path of `unix:///path`; empty for any other address. */
function unixUrl(url = ''): string {
  return /^unix:\/\/(\/.*)$/.exec(url)?.[1] ?? '';
}

/** The paths in the addresses of a bus, such as `unix:path=/path,guid=1;unix:abstract=name`. */
function busPaths(addresses = ''): string[] {
  return addresses.split(';').flatMap((address) => {
    const path = /^unix:(?:.*,)?path=([^,]*)/.exec(address)?.[1];
    return path === undefined ? [] : [decoded(path)];
  });
}

/** A bus writes `%20` for a space. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** tmux says `/path,pid,session`. */
function tmuxPath(value = ''): string {
  return value.split(',')[0] ?? '';
}
