import { expect, it, onTestFinished } from 'vitest';
import type { RunEvent } from '../../src/contract/event.ts';
import type { RunOutcome } from '../../src/contract/outcome.ts';
import { ScriptedModel } from '../../src/testing/index.ts';
import { testDirectory } from '../support/directories.ts';
import { type Death, MortalRun, type ReadRun } from '../support/mortal-run.ts';
import { storyOf } from '../support/run-story.ts';

const KILLS = 200;
/** Two at a time is what two cores carry. */
const LANES = 2;
const WAYS = ['before', 'within', 'after'] as const;
const INSTRUCTIONS = '!say I begin\n!run echo one >> out.txt\n!escalate echo two >> out.txt\n!say done';

/** How many of the runs that went wrong are told at length. */
const MAX_STORIES = 3;

interface Tally {
  kills: number;
  /** The moments at which a worker was killed, each once. */
  readonly moments: Set<string>;
  lost: number;
  duplicates: number;
  orphans: number;
  falseEnds: number;
  readonly stories: string[];
}

/** At each of these writes in each way, then at random: several deaths in one run, and some that no write has to do with. */
function* lives(writes: number, random: () => number): Generator<Death[]> {
  for (let at = 1; at <= writes; at++) for (const when of WAYS) yield [{ at, when }];
  for (;;) {
    const deaths = Array.from({ length: 6 }, (): Death => {
      if (random() < 0.3) return { afterMs: Math.floor(random() * 2_500) };
      return { at: 1 + Math.floor(random() * 9), when: random() < 0.5 ? 'before' : 'after' };
    });
    yield deaths;
  }
}

it('ends every run as if nothing had happened, whenever its workers are killed', { timeout: 600_000 }, async () => {
  const model = await ScriptedModel.start();
  onTestFinished(() => model.close());
  // The same numbers again: KILL_LOOP_SEED=…
  const seed = Number(process.env.KILL_LOOP_SEED ?? Date.now() % 2 ** 31);
  const compileCache = testDirectory('compiled');
  const makeRun = () => {
    const { url: baseUrl } = model;
    const spec = { autoStart: true, endRule: 'firstTurn', provider: { baseUrl }, model: 'scripted' } as const;
    return new MortalRun({ ...spec, instructions: INSTRUCTIONS, permissionGate: true }, { compileCache });
  };
  const moments = new Set<string>();
  const tally: Tally = { kills: 0, moments, lost: 0, duplicates: 0, orphans: 0, falseEnds: 0, stories: [] };
  const { writes } = await live(makeRun(), [], tally); // nobody dies: it ends as it should, with so many writes
  const left = lives(writes, randomOf(seed));
  const lane = async () => {
    while (tally.kills < KILLS) await live(makeRun(), left.next().value as Death[], tally);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  const { kills, moments: _, stories, ...wrong } = tally;
  const { lost, duplicates, orphans, falseEnds } = wrong;
  const at = `at ${moments.size} moments around ${writes} writes`;
  console.log(`kills ${kills} ${at} lost ${lost} duplicates ${duplicates} orphans ${orphans} false-ends ${falseEnds}`);
  const why = [`KILL_LOOP_SEED=${seed}`, ...stories.slice(0, MAX_STORIES)].join('\n\n');
  expect(wrong, why).toEqual({ lost: 0, duplicates: 0, orphans: 0, falseEnds: 0 });
  expect(kills).toBeGreaterThanOrEqual(KILLS);
  // A run that is disturbed writes a little more or less than another, so the very last writes may not come.
  for (const when of WAYS) {
    const reached = [...moments].filter((moment) => moment.startsWith(when));
    expect(reached.length, `writes at which somebody died ${when}`).toBeGreaterThanOrEqual(writes * 0.8);
  }
  expect(moments, 'some die at no write at all').toContain('at any time');
});

async function live(run: MortalRun, deaths: readonly Death[], tally: Tally): Promise<MortalRun> {
  for (const death of [...deaths, undefined]) if (await run.work(death)) break;
  const [read] = await run.read();
  const { record, events } = read as ReadRun;
  tally.kills += run.kills;
  for (const { death, end } of run.lives) if (death && end === 'SIGKILL') tally.moments.add(momentOf(death));
  const done = run.file('out.txt');
  const isRight = record.state === 'done' && run.outcomes[0]?.status === 'done' && isAsUndisturbed(record.outcome);
  const lost = lostOf(run, record.id, events, done);
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

/** What somebody has seen, or what was done, and is not there any more. */
function lostOf(run: MortalRun, runId: string, events: readonly RunEvent[], done: string): string[] {
  const kept = new Map(events.map((event) => [`${runId} ${event.seq}`, JSON.stringify(event)]));
  const compacted = events.flatMap((event) => (event.type === 'journal.compacted' ? [event] : []));
  const isCompacted = (seq: number) => compacted.some((event) => event.from <= seq && seq <= event.seq);
  const lost = [...run.seen]
    .filter(([where, text]) => kept.get(where) !== text && !isCompacted(JSON.parse(text).seq))
    .map(([, text]) => text);
  const gaps = events.filter(
    ({ seq }, index) => index > 0 && seq !== (events[index - 1]?.seq ?? 0) + 1 && !isCompacted(seq - 1),
  );
  const missing = ['one', 'two'].filter((line) => !done.includes(line));
  return [...lost, ...run.changed, ...gaps.map(({ seq }) => `a gap before ${seq}`), ...missing];
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

/** The same numbers for the same seed. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
