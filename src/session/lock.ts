import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { isWithin } from '../hosts/paths.ts';
import { identify, isRunning } from '../hosts/processes.ts';

const POLL_MS = 5;
/** How long somebody may take to draw a number, in milliseconds; between two writes of a file he must have stopped. */
const DRAW_MS = 5_000;

const ownerSchema = z.object({
  path: z.string(),
  runId: z.string(),
  /** Others may work there too. */
  isShared: z.boolean(),
  since: z.string(),
  /** Who came first has the lowest; null while it is being drawn. */
  number: z.number().nullable(),
  process: z.object({ pid: z.number(), startTime: z.number().nullable(), bootId: z.string() }),
});

/** Who works in a directory. */
export type WorkspaceOwner = z.infer<typeof ownerSchema>;

export interface WorkspaceLock {
  readonly owner: WorkspaceOwner;
  /** Other runs that work in this directory, above it or below it. */
  readonly others: readonly WorkspaceOwner[];
  release(): Promise<void>;
}

export interface LockOptions {
  /** Where the notes about who works where lie. */
  readonly directory: string;
  /** The real path of the workspace. */
  readonly path: string;
  readonly runId: string;
  readonly isShared: boolean;
}

/**
 * Notes that a run works in a directory, and tells who else does. The note of a process that has ended is void. Of two
 * that begin at the same time both see each other, and agree on which of them came first; what that means is the
 * caller's to decide.
 */
export async function lockWorkspace(options: LockOptions): Promise<WorkspaceLock> {
  const { directory, path, runId, isShared } = options;
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const file = join(directory, `${createHash('sha256').update(`${path}\0${runId}`).digest('hex').slice(0, 32)}.json`);
  const since = new Date().toISOString();
  const note: WorkspaceOwner = { path, runId, isShared, since, number: null, process: identify(process.pid) };
  // Who draws a number says so first: whoever reads the notes after that waits for it, so that no lower one is missed.
  await writeWhole(file, note);
  const numbers = (await readOwners(directory)).map(({ number }) => number ?? 0);
  const owner = { ...note, number: Math.max(0, ...numbers) + 1 };
  await writeWhole(file, owner);
  return { owner, others: await findOthers(directory, owner), release: () => rm(file, { force: true }) };
}

/** Whether one came before another. Who does not finish drawing a number counts as the first. */
export function cameBefore(one: WorkspaceOwner, other: WorkspaceOwner): boolean {
  const [first, second] = [one.number ?? 0, other.number ?? 0];
  return first < second || (first === second && one.runId < other.runId);
}

async function findOthers(directory: string, { path, runId }: WorkspaceOwner): Promise<WorkspaceOwner[]> {
  for (const deadline = performance.now() + DRAW_MS; ; await delay(POLL_MS)) {
    const owners = await readOwners(directory);
    const others = owners.filter((other) => other.runId !== runId && overlap(other.path, path));
    if (others.every(({ number }) => number !== null) || performance.now() > deadline) return others;
  }
}

/** Everybody who works somewhere now. Notes of the dead are removed. */
export async function readOwners(directory: string): Promise<WorkspaceOwner[]> {
  const owners: WorkspaceOwner[] = [];
  for (const name of await readdir(directory).catch(() => [])) {
    if (!name.endsWith('.json')) continue;
    const file = join(directory, name);
    const owner = await readOwner(file);
    if (owner && isRunning(owner.process)) owners.push(owner);
    else await rm(file, { force: true });
  }
  return owners;
}

async function readOwner(file: string): Promise<WorkspaceOwner | undefined> {
  try {
    return ownerSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return undefined;
  }
}

/** A note appears whole or not at all: half of one would look like that of a dead process. */
async function writeWhole(file: string, note: WorkspaceOwner): Promise<void> {
  const temporary = `${file}.${process.pid}`;
  await writeFile(temporary, JSON.stringify(note), { mode: 0o600 });
  await rename(temporary, file);
}

function overlap(a: string, b: string): boolean {
  return isWithin(a, b) || isWithin(b, a);
}
