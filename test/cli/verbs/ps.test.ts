import { afterEach, describe, expect, it, vi } from 'vitest';
import type { RunUpdate } from '../../../src/contract/run-update.ts';
import { beginCommandLine, runCommandLine } from '../../support/command-line.ts';
import { until } from '../../support/processes.ts';
import { detailsOf, digestOf, RUN_ID, summaryOf } from '../../support/run-summary.ts';
import { scriptApi } from '../../support/scripted-api.ts';

const RUNS = [
  detailsOf({ name: 'Fix the tests', digest: digestOf({ activity: 'running npm test' }) }),
  detailsOf({ id: 'run-02bb000000000000', name: 'Docs', openRequests: 1, metadata: { team: 'red' } }),
  detailsOf({
    id: 'run-03cc000000000000',
    name: 'Old',
    state: 'failed',
    error: { code: 'codex-exited', message: 'codex\u001b[2J died' },
    digest: digestOf({ diff: { files: 2, added: 10, removed: 3 } }),
  }),
];
const { api } = scriptApi({ runs: RUNS });
const ps = (...flags: string[]) => runCommandLine(api, ['ps', ...flags]);

describe('ps', () => {
  it('lists what has not ended, whole where a program reads it', async () => {
    const { code, stdout } = await ps();
    expect(code).toBe(0);
    expect(stdout.split('\n')).toEqual([
      'RUN                   NAME           STATE     DOING             TASK  MODEL    TURNS  TOKENS  FILES  LAUNCHED',
      `${RUN_ID}  Fix the tests  running   running npm test  run   gpt-5.5      1   1,200         5 min ago`,
      'run-02bb000000000000  Docs           asks you                    run   gpt-5.5      1   1,200         5 min ago',
      '',
    ]);
  });

  it('lists all, and says why those have ended that failed', async () => {
    const { stdout } = await ps('-a');
    expect(stdout).toContain('failed    codex-exited: codex died');
    expect(stdout).toContain('2 +10 -3');
  });

  it.each([
    [{ digest: digestOf({ isIdle: true }) }, 'waiting for a message'],
    [{ digest: digestOf({ activity: 'thinking' }) }, 'thinking'],
    [{}, ''], // its first turn is to begin, or the run to end
    [{ state: 'done' as const }, ''],
  ])('says of a run what it does between two turns: %j', async (more, doing) => {
    const { stdout } = await runCommandLine(scriptApi({ runs: [detailsOf(more)] }).api, ['ps', '-a']);
    expect(stdout).toMatch(new RegExp(`(running|done) +${doing} +run +gpt`));
    expect(stdout.includes('waiting')).toBe(doing.startsWith('waiting'));
  });

  it('fits a terminal, where an id is shown by its beginning', async () => {
    const { stdout } = await runCommandLine(api, ['ps', '-a'], { columns: 60 });
    const lines = stdout.trimEnd().split('\n');
    expect(lines.map((line) => line.length).filter((length) => length > 60)).toEqual([]);
    expect(lines[1]).toMatch(/^run-01a21534 {2}Fix the/);
  });

  it.each([
    [
      40,
      [
        'RUN           NAME              STATE',
        'run-01a21534  A name that is …  running',
        'run-02bb0000  Docs              asks you',
      ],
    ],
    [
      80,
      [
        'RUN           NAME                 STATE     DOING                     LAUNCHED',
        'run-01a21534  A name that is lon…  running   running npm test runnin…  5 min ago',
        'run-02bb0000  Docs                 asks you                            5 min ago',
      ],
    ],
  ])('keeps at %d columns what matters, in words that one can read', async (columns, lines) => {
    const name = 'A name that is longer than its place';
    const runs = [
      detailsOf({ name, digest: digestOf({ activity: 'running npm test '.repeat(9) }) }),
      ...RUNS.slice(1, 2),
    ];
    const { stdout } = await runCommandLine(scriptApi({ runs }).api, ['ps'], { columns });
    expect(stdout.trimEnd().split('\n')).toEqual(lines);
  });

  it.each([
    ['of a state', ['--state', 'failed,done'], ['Old']],
    ['of a tag', ['-a', '--tag', 'team=red'], ['Docs']],
    ['that are called so', ['--search', 'Fix'], ['Fix the tests']],
    ['the newest so many', ['-a', '--limit', '2'], ['Fix the tests', 'Docs']],
  ])('lists those %s', async (_what, flags, names) => {
    const { runs } = JSON.parse((await ps(...flags, '--json')).stdout) as { runs: { name: string }[] };
    expect(runs.map(({ name }) => name)).toEqual(names);
  });

  it('says that there are more than so many', async () => {
    expect((await ps('-a', '-n', '2')).stdout).toMatch(/\nThere are more: .*\n$/);
    expect(JSON.parse((await ps('-a', '-n', '2', '--json')).stdout)).toMatchObject({ isPartial: true });
  });

  it('reads as many pages as it takes', async () => {
    const many = Array.from({ length: 1_100 }, (_, at) => detailsOf({ id: `run-${at}` }));
    const { stdout } = await runCommandLine(scriptApi({ runs: many }).api, ['ps', '-q', '-n', '1050']);
    expect(stdout.trimEnd().split('\n')).toEqual(many.slice(0, 1_050).map(({ id }) => id));
  });

  it.each([
    [[], /^Nothing is under way\. .* run "/],
    [['-a'], /^No runs yet\. Begin one: .* run "/],
    [['-a', '--search', 'x'], /^No run is like that\.\n$/],
  ])('teaches where there is nothing: %j', async (flags, said) => {
    expect((await runCommandLine(scriptApi({ runs: [] }).api, ['ps', ...flags])).stdout).toMatch(said);
  });

  it('prints one document of JSON, whose texts a terminal does not obey', async () => {
    const { stdout } = await ps('-a', '--json');
    expect(stdout.indexOf('\n')).toBe(stdout.length - 1);
    expect(stdout).not.toContain('\u001b');
    expect(JSON.parse(stdout)).toEqual({ runs: JSON.parse(JSON.stringify(RUNS)), isPartial: false });
  });

  it('refuses a state that there is not', async () => {
    const { code, stderr } = await ps('--state', 'asleep');
    expect(code).toBe(2);
    expect(stderr).toContain('Choose one of scheduled, starting');
  });
});

describe('ps --watch', () => {
  afterEach(() => void vi.unstubAllEnvs());

  const SNAPSHOT: RunUpdate = { type: 'snapshot', runs: [summaryOf()], requests: [], isPartial: false };

  /** Updates that the test gives one by one. */
  function feed() {
    const given: RunUpdate[] = [];
    let more = Promise.withResolvers<void>();
    const give = (update: RunUpdate) => {
      given.push(update);
      more.resolve();
      more = Promise.withResolvers();
    };
    const updates = async function* () {
      for (let at = 0; ; at++) {
        while (at >= given.length) await more.promise;
        yield given[at] as RunUpdate;
      }
    };
    return { give, api: scriptApi({ api: { watch: updates } }).api };
  }

  it('draws the table anew when something changes, and leaves the terminal as it was', async () => {
    vi.stubEnv('TERM', 'xterm');
    const before = ['SIGINT', 'SIGTERM', 'SIGTSTP', 'SIGCONT'].map((signal) => process.listenerCount(signal));
    const { give, api: watched } = feed();
    const running = beginCommandLine(watched, ['ps', '--watch'], { columns: 100 });
    give(SNAPSHOT);
    await until(() => running.text().includes('1 run'));
    give({ type: 'changed', id: RUN_ID, change: { state: 'paused' } });
    await until(() => running.text().includes('paused'));
    give({ type: 'removed', id: RUN_ID });
    await until(() => running.text().includes('0 runs'));
    process.emit('SIGINT');
    expect(await running.ended).toBe(0);
    expect(running.stdout().startsWith('\u001b[?1049h')).toBe(true);
    expect(running.stdout().endsWith('\u001b[?1049l')).toBe(true);
    expect(['SIGINT', 'SIGTERM', 'SIGTSTP', 'SIGCONT'].map((signal) => process.listenerCount(signal))).toEqual(before);
  });

  it('leaves the terminal as it was when the updates fail', async () => {
    vi.stubEnv('TERM', 'xterm');
    const watch = async function* () {
      yield SNAPSHOT;
      throw new Error('the server is gone');
    };
    const running = beginCommandLine(scriptApi({ api: { watch } }).api, ['ps', '-w'], { columns: 100 });
    expect(await running.ended).toBe(1);
    expect(running.stdout().endsWith('\u001b[?1049l')).toBe(true);
    expect(running.stderr()).toContain('the server is gone');
  });

  it('shows no more lines than the terminal has', async () => {
    vi.stubEnv('TERM', 'xterm');
    const { give, api: watched } = feed();
    const running = beginCommandLine(watched, ['ps', '--watch'], { columns: 100 });
    const runs = Array.from({ length: 100 }, (_, at) => summaryOf({ id: `run-${at}` }));
    give({ ...SNAPSHOT, runs });
    await until(() => running.text().includes('100 runs'));
    expect(running.stdout().split('\n').length).toBeLessThanOrEqual(24);
    process.emit('SIGINT');
    await running.ended;
  });

  it('refuses to draw where there is no terminal, and says what to do', async () => {
    const { code, stderr } = await runCommandLine(feed().api, ['ps', '--watch']);
    expect(code).toBe(2);
    expect(stderr).toContain('add --json');
  });

  it('prints no more changes once nobody reads them', async () => {
    const { give, api: watched } = feed();
    const running = beginCommandLine(watched, ['ps', '--watch', '--json']);
    give(SNAPSHOT);
    await until(() => running.stdout() !== '');
    running.output.destroy(new Error('write EPIPE'));
    expect(await running.ended).toBe(0);
  });

  it('prints the changes as JSON lines', async () => {
    const watch = async function* (): AsyncIterable<RunUpdate> {
      yield SNAPSHOT;
      yield { type: 'removed', id: RUN_ID };
    };
    const { stdout } = await runCommandLine(scriptApi({ api: { watch } }).api, ['ps', '--watch', '--json']);
    const lines = stdout.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual([SNAPSHOT, { type: 'removed', id: RUN_ID }]);
  });
});
