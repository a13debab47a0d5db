// How long the page takes in a real Chromium from going to the address of a run with 10,000 items, ended or under way, or from
// a press on it in the list of runs, until one sees its end, it answers a key and nothing holds it up any more, and until all of it is there; whether every frame shows rows while one scrolls through
// that run, and through a list of 2,000 runs; and what a message of 100,000 deltas costs while it comes. The references are a
// bare page that reads the same journal, and one that puts the same text into a `<pre>`, as much in each frame.
import { availableParallelism, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { largeJournal } from '../test/web/transcript/large-journal.ts';
import { Devtools } from './devtools.ts';
import { alternate, median, printRatio } from './measure.ts';
import { barePages } from './page-bare.ts';
import { beginningOf, Place } from './page-place.ts';
import { type Scrolled, scrollByJumps, scrollByWheel } from './page-scroll.ts';
import { Tab } from './page-tab.ts';

const ITEMS = 10_000;
const RUNS = 2_000;
const DELTAS = 100_000;
/** Pieces of a message that come in each frame: 12,000 in a second, far more than any model says. */
const PER_FRAME = 200;
const ROUNDS = 5;
const STORIES = 3;
/** Nothing holds the page up any more when no long task came for so long, in milliseconds. */
const QUIET_MS = 500;
const MEGABYTE = 1024 * 1024;

const { values: only } = parseArgs({
  options: { open: { type: 'boolean' }, scroll: { type: 'boolean' }, story: { type: 'boolean' } },
});
const isWanted = (part: 'open' | 'scroll' | 'story') => only[part] ?? Object.keys(only).length === 0;

const END = 'article[aria-label="End of the run"]';
const LAST_TURN = 'article[aria-label="End of the turn"]';
const FIND = '#find-in-transcript';

interface Opened {
  readonly seenMs: number;
  readonly readyMs: number;
  /** When the page has all of the journal, and not its end alone. */
  readonly wholeMs: number;
  readonly busyMs: number;
  readonly heap: number;
}

/** A fresh tab goes there; all times are counted from then. */
async function openRun(chromium: Devtools, address: string, end: string): Promise<Opened> {
  const tab = await Tab.open(chromium);
  await tab.goTo(address);
  return readRun(tab, end);
}

/** The same in a tab that shows the list of runs, from the press on that run on. */
async function openFromList(chromium: Devtools, url: string, run: string): Promise<Opened> {
  const tab = await Tab.open(chromium);
  await tab.goTo(`${url}/`);
  const link = `a[href$="/runs/${run}"]`;
  await tab.ask('seen', link);
  await tab.ask('quiet', QUIET_MS);
  const { busyMs: before } = await tab.used();
  await tab.click(await tab.ask('middleOf', link));
  const pressedAt = await tab.ask('pressedAt');
  const { seenMs, readyMs, wholeMs, busyMs, heap } = await readRun(tab, END);
  return {
    seenMs: seenMs - pressedAt,
    readyMs: readyMs - pressedAt,
    wholeMs: wholeMs - pressedAt,
    busyMs: busyMs - before,
    heap,
  };
}

async function readRun(tab: Tab, end: string): Promise<Opened> {
  const seenMs = await tab.ask('seen', end);
  const whole = tab.ask('caughtUp');
  await tab.ask('listen', FIND);
  await tab.find();
  const answeredMs = await tab.ask('answer');
  const lastLong = await tab.ask('quiet', QUIET_MS);
  const wholeMs = await whole;
  const { busyMs } = await tab.used();
  const heap = await tab.heap();
  await tab.close();
  return { seenMs, readyMs: Math.max(answeredMs, lastLong), wholeMs, busyMs, heap };
}

/** The same for a page that does nothing but read the journal and put the last of its texts into a `<pre>`. */
async function openBare(chromium: Devtools, address: string): Promise<Opened> {
  const tab = await Tab.open(chromium);
  await tab.goTo(address);
  const seenMs = await tab.ask('seen', '#over');
  const { busyMs } = await tab.used();
  await tab.close();
  return { seenMs, readyMs: seenMs, wholeMs: seenMs, busyMs, heap: 0 };
}

async function measureOpening(place: Place, chromium: Devtools): Promise<void> {
  const ended = await place.run('ended', largeJournal(ITEMS).slice(0, -1));
  const live = await place.run('live', beginningOf(ITEMS), true);
  const all = { ended: [] as Opened[], live: [] as Opened[], listed: [] as Opened[], bare: [] as Opened[] };
  const note = (name: keyof typeof all, opened: Opened) => {
    all[name].push(opened);
    return opened.readyMs;
  };
  const ready = await alternate(ROUNDS, {
    ended: async () => note('ended', await openRun(chromium, `${place.url}/runs/${ended}`, END)),
    live: async () => note('live', await openRun(chromium, `${place.url}/runs/${live}`, LAST_TURN)),
    listed: async () => note('listed', await openFromList(chromium, place.url, ended)),
    bare: async () => note('bare', await openBare(chromium, `${place.url}/bare/${ended}`)),
  });
  const of = (name: keyof typeof all, what: keyof Opened) => median(all[name].slice(1).map((one) => one[what]));
  const words = { ended: 'ended', live: 'live', listed: 'ended, from the list', bare: 'read by a bare page' };
  for (const name of ['ended', 'live', 'listed', 'bare'] as const) {
    const [least, most] = [Math.min(...ready[name]), Math.max(...ready[name])].map(inMs);
    tell(
      `${ITEMS} items, ${words[name]}: the end is seen after ${inMs(of(name, 'seenMs'))}, ` +
        `ready after ${inMs(of(name, 'readyMs'))} (${least} to ${most}), all of it there after ${inMs(of(name, 'wholeMs'))}, the thread busy for ${inMs(of(name, 'busyMs'))}` +
        (name === 'bare' ? '' : `; then ${Math.round(of(name, 'heap') / MEGABYTE)} MB of heap`),
    );
  }
  printRatio('page-open', of('ended', 'readyMs') / of('bare', 'readyMs'));
  printRatio('page-open-live', of('live', 'readyMs') / of('bare', 'readyMs'));
  printRatio('page-open-listed', of('listed', 'readyMs') / of('bare', 'readyMs'));
  printRatio('page-open-busy', of('ended', 'busyMs') / of('bare', 'busyMs'));
}

async function measureScrolling(place: Place, chromium: Devtools): Promise<void> {
  const ended = await place.run('scrolled', largeJournal(ITEMS).slice(0, -1));
  const transcript = await Tab.open(chromium);
  await transcript.goTo(`${place.url}/runs/${ended}`);
  await transcript.ask('seen', END);
  const rows = { scroller: 'section[aria-label="What happened"]', row: 'article', head: null };
  tellScrolled('the transcript by wheel', await scrollByWheel(transcript, rows, -1));
  tellScrolled('the transcript by jumps', await scrollByJumps(transcript, rows));
  await transcript.close();
  await place.fill(RUNS);
  const list = await Tab.open(chromium);
  await list.goTo(`${place.url}/`);
  await list.ask('seen', 'a[id^="row-"]');
  const runs = { scroller: ':has(> [role=table])', row: '[role=row]:has(a)', head: '[role=columnheader]' };
  tellScrolled(`${RUNS} runs by wheel`, await scrollByWheel(list, runs, 1));
  tellScrolled(`${RUNS} runs by jumps`, await scrollByJumps(list, runs));
  await list.close();
}

function tellScrolled(what: string, { count, blank, late, pixels }: Scrolled): void {
  tell(
    `${what}: ${blank} of ${count} frames show paper where a row belongs; ${late} came more than 50 ms after the one before; ` +
      `${pixels} pixels`,
  );
}

interface Told {
  readonly busyMs: number;
  readonly wallMs: number;
  readonly long: number;
}

async function measureStory(place: Place, chromium: Devtools): Promise<void> {
  const pieces = Array.from({ length: DELTAS }, (_, at) => pieceOf(at));
  const all: Record<'ours' | 'pre', Told[]> = { ours: [], pre: [] };
  await alternate(STORIES, {
    ours: async () => {
      const story = await place.story(100, pieces);
      const tab = await Tab.open(chromium);
      await tab.goTo(`${place.url}/runs/${story.runId}`);
      await tab.ask('seen', 'article[aria-label="Codex"]');
      const measured = await observe(tab, async () => {
        await story.tell(PER_FRAME);
        await tab.ask('whole');
      });
      await tab.close();
      return all.ours.push(measured);
    },
    pre: async () => {
      const tab = await Tab.open(chromium);
      await tab.goTo(`${place.url}/pre`);
      const measured = await observe(tab, () => tab.ask('grow', pieces, PER_FRAME));
      await tab.close();
      return all.pre.push(measured);
    },
  });
  const of = (name: keyof typeof all, what: keyof Told) => median(all[name].slice(1).map((one) => one[what]));
  for (const name of ['ours', 'pre'] as const) {
    tell(
      `a message of ${DELTAS} deltas, ${PER_FRAME} in a frame, ${name === 'pre' ? 'in a <pre>' : 'as Markdown'}: ` +
        `the thread busy for ${inMs(of(name, 'busyMs'))} of ${inMs(of(name, 'wallMs'))}, ${of(name, 'long')} tasks of more than 50 ms`,
    );
  }
  printRatio('page-story-busy', of('ours', 'busyMs') / of('pre', 'busyMs'));
  printRatio('page-story', of('ours', 'wallMs') / of('pre', 'wallMs'));
}

async function observe(tab: Tab, act: () => Promise<unknown>): Promise<Told> {
  const [before, start] = [await tab.used(), performance.now()];
  await act();
  const [after, end] = [await tab.used(), performance.now()];
  return {
    busyMs: after.busyMs - before.busyMs,
    wallMs: end - start,
    long: after.longTasks - before.longTasks,
  };
}

/** A text as models write it: paragraphs, lists, now and then some code; a few characters at a time. */
function pieceOf(at: number): string {
  const inBlock = at % 120;
  if (inBlock === 0) return `\n\n## Part ${at / 120}\n\n`;
  if (inBlock < 60) return inBlock % 25 === 0 ? '**bold** ' : 'word ';
  if (inBlock < 90) return inBlock % 6 === 0 ? '\n- ' : 'item ';
  if (inBlock === 90) return '\n\n```ts\n';
  if (inBlock === 119) return '\n```\n';
  return inBlock % 8 === 0 ? ';\n' : 'code ';
}

const inMs = (value: number) => `${Math.round(value)} ms`;
const tell = (line: string) => void process.stdout.write(`${line}\n`);
const load = () => loadavg().map((value) => value.toFixed(1));

const place = await Place.open(barePages);
const chromium = await Devtools.start({ width: 1280, height: 800 });
try {
  tell(`${availableParallelism()} cores; load before this (1, 5 and 15 minutes): ${load().join(', ')}`);
  const first = await Tab.open(chromium);
  await first.goTo(`${place.url}/${await place.login()}`);
  await first.ask('seen', 'h1');
  await first.close();
  if (isWanted('open')) await measureOpening(place, chromium);
  if (isWanted('scroll')) await measureScrolling(place, chromium);
  if (isWanted('story')) await measureStory(place, chromium);
  tell(`load after this: ${load().join(', ')}`);
} finally {
  await chromium.close();
  await place.close();
}
