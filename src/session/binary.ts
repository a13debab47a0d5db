import { type CodexBinary, findCodexBinary, PINNED_VERSION } from '../codex/binary.ts';
import { askVersion, compareVersions } from '../codex/version.ts';
import { OptioError } from '../errors.ts';
import type { Host } from '../hosts/host.ts';

/** What a managed run needs, and an older codex lacks. */
const NEEDS = [
  'keep a detached thread and its commands while nobody watches',
  'tell after a reconnect which commands ran',
  'leave a link in place of AGENTS.md unread',
  "take the administrator's capabilities from the commands of a run as root",
];

/**
 * Finds the binary for a managed run. One that the configuration names is asked for its version first, and an older one
 * than the pinned is refused with what it cannot do: `codex-unsupported`.
 */
export async function findManagedBinary(host: Host, named: string | undefined): Promise<CodexBinary> {
  const binary = findCodexBinary(named);
  if (named === undefined) return binary;
  const version = await askVersion(host, binary.path);
  const remedy = `Use ${PINNED_VERSION} or newer, or talk to it through CodexConversation.`;
  if (version === 'unknown') {
    const message = `${binary.path} names no version, as a codex does when it is asked with --version`;
    throw new OptioError('codex-unsupported', message, { field: 'codexBinary', remedy });
  }
  if (compareVersions(version, PINNED_VERSION) >= 0) return binary;
  const lacks = NEEDS.map((need) => `it does not ${need}`).join('; ');
  throw new OptioError('codex-unsupported', `codex ${version} is too old for a managed run: ${lacks}`, {
    field: 'codexBinary',
    remedy,
  });
}
