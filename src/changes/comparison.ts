import { createHash, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { ChangedFile } from '../contract/outcome.ts';
import type { WithoutLines, WorkspaceChange } from '../contract/workspace-change.ts';
import { fromUnknown, type OptioError } from '../errors.ts';
import type { FileListing, Host } from '../hosts/host.ts';
import { changedFiles } from './changed-files.ts';
import { foundRenames } from './renames.ts';
import { readSides, type Side, type Sides } from './sides.ts';
import { listWorkspace, type Start, type StartFile } from './start.ts';
import { diffTexts, isGitMissing } from './text-diff.ts';
import { gitMode } from './unified.ts';

/** How many files are compared line by line. */
const MAX_COMPARED = 2_000;
/** How much git is given in one go. */
const BATCH = { files: 500, bytes: 8 * 1024 * 1024 };
/** How long git is asked anew, in milliseconds: each batch may take as long as git is given. */
const PATIENCE_MS = 30_000;
/** What the next look may come to more of. */
const OPEN: readonly Verdict['without'][] = ['not-kept', 'too-many', 'no-git', 'failed'];

/** How one file has changed, with its lines. */
export interface ComparedFile {
  readonly change: WorkspaceChange;
  readonly hunks: string;
}

/** What of a workspace differs from its start. */
export interface Comparison {
  readonly files: readonly ComparedFile[];
  readonly isPartial: boolean;
  readonly note: string | null;
  /** What two fingerprints of a file have come to, for the next time. */
  readonly known: ReadonlyMap<string, Verdict>;
}

/** What came of one file, whatever became of the others. */
export interface Verdict extends Pick<WorkspaceChange, 'without'> {
  readonly hunks: string;
  readonly lines: { readonly added: number; readonly removed: number } | null;
  /** By which what it held is told from others: before, and after. */
  readonly hashes: readonly [string | null, string | null];
}

export interface CompareOptions {
  readonly host: Host;
  /** Real, links resolved. */
  readonly workspace: string;
  readonly start: Start;
  /** A directory in which to put things for a moment: no command can read or write there. */
  readonly scratch: string;
  /** As the workspace is now; looked at unless given. */
  readonly now?: FileListing;
  /** What came of it the last time. */
  readonly known?: Comparison['known'] | undefined;
}

/** Compares a workspace with its start. Where lines cannot be compared, files are named and `note` says why. */
export async function compareWithStart(options: CompareOptions): Promise<Comparison> {
  const { host, workspace, start } = options;
  const now = options.now ?? (await listWorkspace(host, workspace));
  const changed = changedFiles(start, now);
  const keyOf = ({ path }: ChangedFile) =>
    `${start.files.get(path)?.fingerprint ?? ''} ${now.files.get(path)?.fingerprint ?? ''} ${path}`;
  const known = new Map<string, Verdict>();
  const open: ChangedFile[] = [];
  for (const file of changed) {
    const verdict = options.known?.get(keyOf(file));
    if (verdict) known.set(keyOf(file), verdict);
    else open.push(file);
  }
  const room = Math.max(0, MAX_COMPARED - known.size);
  const scratch = join(options.scratch, randomUUID());
  let failure: OptioError | undefined;
  const taken = open.slice(0, room);
  if (open.length > 0 && room > 0 && start.content !== undefined) {
    try {
      await host.makeDirectory(scratch);
      const sides = await readSides({ host, workspace, start, now, changed: taken, into: join(scratch, 'now') });
      const judged = await judge(host, scratch, sides);
      failure = judged.failure;
      for (const [index, file] of taken.entries()) {
        const verdict = judged.verdicts[index];
        if (verdict) known.set(keyOf(file), verdict);
      }
    } catch (error) {
      failure = fromUnknown(error);
    } finally {
      await host.removeDirectory(scratch);
    }
  }
  const files: ComparedFile[] = [];
  const hashes = new Map<WorkspaceChange, Verdict['hashes']>();
  const tried = new Set(taken);
  for (const file of changed) {
    const verdict = known.get(keyOf(file)) ?? unknownVerdict(start, tried.has(file) ? failure : undefined);
    const mode = modeOf(start.files.get(file.path), now.files.get(file.path));
    const isSame = verdict.hashes[0] !== null && verdict.hashes[0] === verdict.hashes[1];
    if (isSame && (!mode || mode.before === mode.after)) continue; // it was only touched
    const { added = null, removed = null } = verdict.lines ?? {};
    const isTold = mode && (file.change !== 'modified' || mode.before !== mode.after);
    const change = { ...file, added, removed, ...(isTold && { mode }), without: verdict.without };
    files.push({ change, hunks: verdict.hunks });
    hashes.set(change, verdict.hashes);
  }
  const settled = [...known].filter(([, { without }]) => !OPEN.includes(without));
  return {
    files: foundRenames(files, hashes),
    isPartial: start.isPartial || now.isPartial,
    note: noteOf(start, changed.length, failure),
    known: new Map(settled),
  };
}

function unknownVerdict(start: Start, failure: OptioError | undefined): Verdict {
  const without = start.content === undefined ? 'not-kept' : failure ? reasonOf(failure) : 'too-many';
  return { without, hunks: '', lines: null, hashes: [null, null] };
}

function reasonOf(failure: OptioError): WithoutLines {
  return isGitMissing(failure) ? 'no-git' : 'failed';
}

function noteOf(start: Start, changed: number, failure: OptioError | undefined): string | null {
  if (start.content === undefined)
    return 'What the files held at the start was not kept, so that they can only be named.';
  if (failure) {
    const why = failure.message.replace(/\.$/, '');
    return isGitMissing(failure)
      ? `The files can only be named: ${why}. Check that git is installed where the run works.`
      : `Some of the files can only be named, since they could not be compared: ${why}.`;
  }
  if (changed > MAX_COMPARED)
    return `More than ${MAX_COMPARED.toLocaleString('en')} files differ, and the rest of them are only named.`;
  return null;
}

/** Compares by git what is text on both sides and not the same; in pieces, so that neither of us has too much at once. */
async function judge(
  host: Host,
  scratch: string,
  sides: readonly Sides[],
): Promise<{ readonly verdicts: readonly (Verdict | undefined)[]; readonly failure: OptioError | undefined }> {
  let failure: OptioError | undefined;
  const verdicts = sides.map(({ before, after, without }): Verdict | undefined => {
    const hashes = [hashOf(before), hashOf(after)] as const;
    if (without) return { without, hunks: '', lines: null, hashes };
    return hashes[0] === hashes[1] ? { without: null, hunks: '', lines: { added: 0, removed: 0 }, hashes } : undefined;
  });
  let batch: number[] = [];
  let bytes = 0;
  const until = performance.now() + PATIENCE_MS;
  const flush = async () => {
    const pairs = batch.map((index) => ({ before: textOf(sides[index]?.before), after: textOf(sides[index]?.after) }));
    const directory = join(scratch, randomUUID());
    // What one batch fails of need not be in the next.
    const isInVain = failure && (isGitMissing(failure) || performance.now() > until);
    const hunks = isInVain
      ? undefined
      : await diffTexts(host, directory, pairs).catch((error: unknown) => {
          failure = fromUnknown(error);
          return undefined;
        });
    for (const [at, index] of batch.entries()) {
      const [text, side] = [hunks?.[at], sides[index]];
      const hashes = [hashOf(side?.before), hashOf(side?.after)] as const;
      verdicts[index] =
        text === undefined
          ? { without: failure ? reasonOf(failure) : 'failed', hunks: '', lines: null, hashes }
          : { without: null, hunks: text, lines: countLines(text), hashes };
    }
    await host.removeDirectory(directory);
    batch = [];
    bytes = 0;
  };
  for (const [index, side] of sides.entries()) {
    if (verdicts[index]) continue;
    batch.push(index);
    bytes += (textOf(side.before)?.length ?? 0) + (textOf(side.after)?.length ?? 0);
    if (batch.length >= BATCH.files || bytes >= BATCH.bytes) await flush();
  }
  if (batch.length > 0) await flush();
  return { verdicts, failure };
}

/** What is on one side only is what hunks say of it: how often a sign begins a line. */
function countLines(hunks: string): { added: number; removed: number } {
  let [added, removed] = [0, 0];
  for (let at = 0; at < hunks.length; at = hunks.indexOf('\n', at) + 1 || hunks.length) {
    if (hunks[at] === '+') added++;
    else if (hunks[at] === '-') removed++;
  }
  return { added, removed };
}

function textOf(side: Side | undefined): Buffer | undefined {
  return side instanceof Buffer ? side : undefined;
}

function hashOf(side: Side | undefined): string | null {
  return side instanceof Buffer ? createHash('sha256').update(side).digest('base64') : null;
}

function modeOf(before: StartFile | undefined, after: { readonly mode: number } | undefined) {
  const was = before?.mode === undefined ? undefined : gitMode(before.mode);
  const is = after && gitMode(after.mode);
  if (before && !after) return was ? { before: was, after: was } : undefined;
  if (!before && after) return is ? { before: is, after: is } : undefined;
  return was && is ? { before: was, after: is } : undefined;
}
