import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { RUN_STATES, type RunState } from '../../src/contract/outcome.ts';
import type { Request } from '../../src/contract/request.ts';
import type { RunFilter, RunSort } from '../../src/contract/run-query.ts';
import type { Store } from '../../src/store/store.ts';
import { numbered } from './stored-run.ts';

/** A run of a list: what there is to find it by. */
export interface ListedRun {
  readonly id: string;
  readonly taskId: string;
  readonly name: string;
  readonly host: string;
  readonly state: RunState;
  readonly metadata: Readonly<Record<string, string>>;
  readonly parentId: string | null;
  readonly rootId: string;
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly isWaiting: boolean;
}

export function requestOf(id: string): Request {
  const common = { id: `request-${id}`, threadId: 'main', turnId: null, itemId: null };
  return { kind: 'command', ...common, sandboxed: 'no', command: 'git push', cwd: '/repo' };
}

/** Puts it into a store as an engine would have left it. */
export async function put(store: Store, run: ListedRun): Promise<void> {
  const { id, state, startedAt, endedAt, isWaiting, ...launched } = run;
  await store.runs.add({ id, ...launched });
  const events = isWaiting ? numbered([{ type: 'request.opened', request: requestOf(id) }]) : [];
  await store.journal.append({ runId: id, claim: 0, events, change: { state, startedAt, endedAt } });
}

/** Few of each kind, so that many are alike; some have two cases, take more than a byte, or mean something in a pattern. */
const character = fc.constantFrom('a', 'A', 'Ä', 'ä', '%', '_', '\\', '🦜', '\u{fffd}');
const name = fc.string({ unit: character, maxLength: 4 });
const time = fc.constantFrom('2026-11-24T10:00:00.000Z', '2026-11-24T10:00:00.001Z', '2026-11-25T00:00:00.000Z');
const taskId = fc.constantFrom('nightly', 'other');
const host = fc.constantFrom('local', 'far');
const metadata = fc.dictionary(fc.constantFrom('team', 'kind'), fc.constantFrom('red', 'blue'), { maxKeys: 2 });
const above = fc.constantFrom('run-0', 'run-1');

const listedRun: fc.Arbitrary<Omit<ListedRun, 'id' | 'rootId'>> = fc
  .record({
    taskId,
    name,
    host,
    metadata,
    state: fc.constantFrom(...RUN_STATES),
    parentId: fc.option(above),
    createdAt: time,
    startedAt: fc.option(time, { freq: 2 }),
    endedAt: fc.option(time, { freq: 2 }),
    isWaiting: fc.boolean(),
  })
  .map((run) => ({ ...run, isWaiting: run.isWaiting && run.endedAt === null }));

/** Runs of a list, each with an id of its own. */
export const listedRuns: fc.Arbitrary<ListedRun[]> = fc
  .array(listedRun, { maxLength: 14 })
  .map((runs) => runs.map((run, at) => ({ ...run, id: `run-${at}`, rootId: run.parentId ?? `run-${at}` })));

const part: fc.Arbitrary<RunFilter> = fc.oneof(
  fc.constant({}),
  fc.subarray([...RUN_STATES]).map((states) => ({ states })),
  fc.record({ taskId }),
  fc.record({ parentId: above }),
  fc.record({ rootId: above }),
  fc.record({ host }),
  fc.record({ metadata }),
  fc.record({ search: fc.oneof(character, name, fc.constantFrom('run-1', 'UN-1', '')) }),
  fc.record({ isWaiting: fc.boolean() }),
  fc.record({ endedBefore: time }),
);
/** With few parts each, or hardly a run would match. */
export const filters: fc.Arbitrary<RunFilter> = fc.tuple(part, part).map(([one, other]) => ({ ...one, ...other }));

export const SORTS: readonly RunSort[] = [
  ...(['createdAt', 'startedAt', 'endedAt', 'name', 'state'] as const),
  ...(['-createdAt', '-startedAt', '-endedAt', '-name', '-state'] as const),
];

/** What a filter means, said once more. */
export function matches(run: ListedRun, filter: RunFilter): boolean {
  const { states, taskId, parentId, rootId, host, metadata = {}, search = '', isWaiting, endedBefore } = filter;
  const holds = (text: string) => text.toLowerCase().includes(search.toLowerCase());
  return (
    (!states || states.includes(run.state)) &&
    [taskId, undefined].includes(taskId === undefined ? undefined : run.taskId) &&
    [parentId, undefined].includes(parentId === undefined ? undefined : (run.parentId ?? '')) &&
    [rootId, undefined].includes(rootId === undefined ? undefined : run.rootId) &&
    [host, undefined].includes(host === undefined ? undefined : run.host) &&
    Object.entries(metadata).every(([key, value]) => run.metadata[key] === value) &&
    (holds(run.name) || holds(run.id)) &&
    (isWaiting ?? run.isWaiting) === run.isWaiting &&
    (endedBefore === undefined || (run.endedAt !== null && run.endedAt < endedBefore))
  );
}

/** What an order means, said once more. */
export function inOrder(runs: readonly ListedRun[], sort: RunSort): ListedRun[] {
  const isTurned = sort.startsWith('-');
  const by = sort.replace('-', '') as 'createdAt' | 'startedAt' | 'endedAt' | 'name' | 'state';
  const keyOf = (run: ListedRun) => (by === 'name' ? run.name.toLowerCase() : run[by]);
  return runs.toSorted((a, b) => {
    const [left, right] = [keyOf(a), keyOf(b)];
    if ((left === null) !== (right === null)) return left === null ? 1 : -1;
    const order = compare(left ?? '', right ?? '') || compare(a.createdAt, b.createdAt) || compare(a.id, b.id);
    return isTurned ? -order : order;
  });
}

/** As a database compares: by bytes. */
function compare(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
