import { realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { OptioError } from '../errors.ts';

/** How long the name of a unix socket may be on Linux, in bytes. */
const MAX_NAME_BYTES = 107;

/**
 * Where the socket of a codex really lies: Codex makes it in a directory that it finds by its name, below `/tmp`, and leaves
 * a link in its home. Whoever listens there is told everything, the login too. Throws `codex-start-failed` for what is no
 * socket, is not that of `uid`, or has a name to which nobody can connect; whatever else it throws says that it is not there yet.
 */
export async function findSocket(link: string, uid: number | undefined = process.getuid?.()): Promise<string> {
  const path = await realpath(link);
  const [socket, directory] = await Promise.all([stat(path), stat(dirname(path))]);
  if (!socket.isSocket()) {
    throw refused(`${path} is no socket`, 'Remove it, and run it again.');
  }
  for (const [what, owner] of [
    [path, socket.uid],
    [dirname(path), directory.uid],
  ] as const) {
    if (uid === undefined || owner === uid) continue;
    throw refused(
      `${what} belongs to the user ${owner}, and codex runs as ${uid}`,
      `Find out who has made it, and remove it.`,
    );
  }
  const bytes = Buffer.byteLength(path);
  if (bytes > MAX_NAME_BYTES) {
    throw refused(
      `the name of the socket has ${bytes} bytes, and may have ${MAX_NAME_BYTES}: ${path}`,
      'Choose a data directory with a shorter name (OPTIO_CODEX_HOME).',
    );
  }
  return path;
}

function refused(message: string, remedy: string): OptioError {
  return new OptioError('codex-start-failed', `codex is not connected to: ${message}`, { remedy });
}
