import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import type { RunEvent } from '../../src/contract/event.ts';
import type { RunOutcome } from '../../src/contract/outcome.ts';
import { removeDirectory } from '../../src/hosts/remove.ts';
import { type Death, MortalRun, mayBeCompacted, type ReadRun } from './mortal-run.ts';
import { randomOf } from './random.ts';
import { storyOf } from './run-story.ts';

/** When a worker dies: before a write, in the middle of it, or after it. */
export const WAYS = ['before', 'within', 'after'] as const;
const INSTRUCTIONS = '!say I begin\n!run echo one >> out.txt\n!escalate echo two >> out.txt\n!say done';

/** What went wrong, and how often. */
export interface Tally {
  kills: number;
  /** How often an undisturbed run writes into its journal. */
  readonly writes: number;
  /** The moments at which a worker was killed, each once: `before 3`, `at any time`. */
  readonly moments: Set<string>;
  lost: number;
  duplicates: number;
  orphans: number;
  falseEnds: number;
  /** How long all of it took. */
  seconds: number;
  /** At length, of each run that went wrong. */
  readonly stories: string[];
}

export interface KillLoopOptions {
  /** Where the scripted model is. */
  readonly modelUrl: string;
  /** How many workers are killed at least. */
  readonly kills: number;
  /** How many runs there are at a time. */
  readonly lanes: number;
  /** The same seed gives the same deaths. */
  readonly seed: number;
  /** Where the runs are, each removed once it has gone well. Without it they are those of a test. */
  readonly directory?: string;
}

/** Kills the workers of real runs, and counts what of each is not as if nothing had happened. */
export async function killLoop({ kills, lanes, seed, ...place }: KillLoopOptions): Promise<Tally> {
  const counts = { kills: 0, lost: 0, duplicates: 0, orphans: 0, falseEnds: 0 };
  const beganAt = performance.now();
  const first: Tally = { ...counts, writes: 0, moments: new Set(), seconds: 0, stories: [] };
  const { writes } = await live(place, [], first); // nobody dies: it ends as it should, after so many writes
  const tally: Tally = { ...first, writes };
  const left = lives(randomOf(seed), writes);
  const lane = async () => {
    while (tally.kills < kills) await live(place, left.next().value as Death[], tally);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  tally.seconds = Math.ceil((performance.now() - beganAt) / 1_000);
  return tally;
}

/** What went wrong in one line, then at how many writes somebody died, then how long it took. */
export function linesOf(tally: Tally): string {
  const { kills, writes, moments, lost, duplicates, orphans, falseEnds, seconds } = tally;
  return [
    `kills ${kills} lost ${lost} duplicates ${duplicates} orphans ${orphans} false-ends ${falseEnds}`,
    `writes ${writes} ${WAYS.map((when) => `${when} ${reached(tally, when)}`).join(' ')} moments ${moments.size}`,
    `seconds ${seconds}`,
  ].join('\n');
}

/** At how many writes somebody died in this way. */
export function reached({ moments }: Pick<Tally, 'moments'>, when: (typeof WAYS)[number]): number {
  return [...moments].filter((moment) => moment.startsWith(when)).length;
}

/** At each of these writes in each way, then at random: several deaths in one run, and some that no write has to do with. */
function* lives(random: () => number, writes: number): Generator<Death[]> {
  for (let at = 1; at <= writes; at++) for (const when of WAYS) yield [{ at, when }];
  for (;;) {
    const deaths = Array.from({ length: 6 }, (): Death => {
      if (random() < 0.3) return { afterMs: Math.floor(random() * 2_500) };
      return { at: 1 + Math.floor(random() * 9), when: random() < 0.5 ? 'before' : 'after' };
    });
    yield deaths;
  }
}

async function live(
  { modelUrl, directory }: Pick<KillLoopOptions, 'modelUrl' | 'directory'>,
  deaths: readonly Death[],
  tally: Tally,
): Promise<MortalRun> {
  const root = directory && mkdtempSync(join(directory, 'run-'));
  const spec = {
    instructions: INSTRUCTIONS,
    autoStart: true,
    endRule: 'firstTurn',
    provider: { baseUrl: modelUrl },
    model: 'scripted',
    permissionGate: true,
  } as const;
  const run = new MortalRun(spec, { ...(root && { root }) });
  for (const death of [...deaths, undefined]) if (await run.work(death, { mayOutlive: true })) break;
  const [read] = await run.read();
  const { record, events } = read as ReadRun;
  tally.kills += run.kills;
  for (const { death, end } of run.lives) if (death && end === 'SIGKILL') tally.moments.add(momentOf(death));
  const done = run.file('out.txt');
  const isRight = record.state === 'done' && run.outcomes[0]?.status === 'done' && isAsUndisturbed(record.outcome);
  const lost = [...lostOf(run, record.id, events), ...['one', 'two'].filter((line) => !done.includes(line))];
  const doubles = doublesOf(events, done);
  const orphans = run.leftovers(record.id);
  tally.lost += lost.length;
  tally.duplicates += doubles.length;
  tally.orphans += orphans;
  if (!isRight) tally.falseEnds++;
  const problems = [
    ...(isRight ? [] : ['a false end']),
    ...lost.map((what) => `lost: ${what}`),
    ...doubles.map((what) => `twice: ${what}`),
    ...(orphans > 0 ? [`${orphans} left over`] : []),
  ];
  if (problems.length > 0) {
    const story = storyOf(run, { record, events }, problems);
    tally.stories.push(story);
    console.log(story); // at once, for whoever watches
  }
  if (!root) return run;
  await run.sweep();
  if (problems.length === 0) await removeDirectory(root);
  return run;
}

function momentOf(death: Death): string {
  return 'at' in death ? `${death.when} ${death.at}` : 'at any time';
}

/** Whether an outcome is what the run has without any death. */
function isAsUndisturbed(outcome: RunOutcome | null): boolean {
  const { text, turns, usage, workspace } = outcome ?? {};
  const changed = workspace?.changes.map(({ path, change }) => `${path} ${change}`).join();
  return text === 'done' && turns === 1 && usage?.total === 450 && changed === 'out.txt added';
}

/** What somebody has seen of a run, and is not in its journal any more. */
export function lostOf(
  { seen, changed }: Pick<MortalRun, 'seen' | 'changed'>,
  runId: string,
  events: readonly RunEvent[],
): string[] {
  const kept = new Map(events.map((event) => [`${runId} ${event.seq}`, JSON.stringify(event)]));
  const compacted = events.filter((event) => event.type === 'journal.compacted');
  const isExcused = (event: RunEvent) =>
    mayBeCompacted(event) && compacted.some(({ from, seq }) => from <= event.seq && event.seq <= seq);
  const lost = [...seen]
    .filter(([where, text]) => kept.get(where) !== text && !isExcused(JSON.parse(text)))
    .map(([, text]) => text);
  const gaps = events.filter((event, index) => {
    const first = event.type === 'journal.compacted' ? event.from : event.seq;
    return first !== (events[index - 1]?.seq ?? 0) + 1;
  });
  return [...lost, ...changed, ...gaps.map(({ seq }) => `a gap before ${seq}`)];
}

/** What happened twice. */
function doublesOf(events: readonly RunEvent[], done: string): string[] {
  const named = events.flatMap((event): string[] => {
    switch (event.type) {
      case 'message.sent':
        return ['a message'];
      case 'turn.started':
      case 'turn.ended':
        return [`${event.type} ${event.turnId}`, event.type];
      case 'item.completed':
      case 'item.started':
        return [`${event.type} ${event.item.id}`];
      case 'message.taken':
        return [`${event.type} ${event.messageId}`];
      case 'request.opened':
        return [`${event.type} ${event.request.id}`];
      case 'request.answered':
        return [`${event.type} ${event.requestId}`];
      case 'run.ended':
        return [event.type];
      default:
        return [];
    }
  });
  const lines = done.split('\n').filter((line) => line !== '');
  return [...named, ...lines].filter((name, index, all) => all.indexOf(name) !== index);
}
