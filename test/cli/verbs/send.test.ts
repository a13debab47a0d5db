import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunTurn, RunTurnResult } from '../../../src/contract/run-handle.ts';
import type { OpenRequest, RunDetails } from '../../../src/contract/run-summary.ts';
import { beginCommandLine, runCommandLine } from '../../support/command-line.ts';
import { testDirectory } from '../../support/directories.ts';
import { png } from '../../support/picture.ts';
import { until } from '../../support/processes.ts';
import { COMMAND_REQUEST } from '../../support/run-events.ts';
import { detailsOf, digestOf, LAUNCHED_AT, RUN_ID } from '../../support/run-summary.ts';
import { scriptApi } from '../../support/scripted-api.ts';

function begin(result: Partial<RunTurnResult> = {}) {
  const sent: unknown[] = [];
  const put = new Map<string, Uint8Array>();
  const completed = { id: 't1', status: 'completed' as const, text: 'It is\u001b[2J done.', error: null, ...result };
  const { api } = scriptApi({
    runs: [detailsOf()],
    handle: {
      writeFile: async (path, content) => void put.set(path, content),
      send: async (...message) => {
        sent.push(message);
        return { id: 't1', completed: Promise.resolve(completed) };
      },
    },
  });
  return { api, sent, put };
}

describe('send', () => {
  it('sends a message, and says when Codex has it', async () => {
    const { api, sent } = begin();
    const { code, stdout } = await runCommandLine(api, ['send', '@last', 'also', 'the docs']);
    expect({ code, sent }).toEqual({ code: 0, sent: [['also the docs', { steer: false }]] });
    expect(stdout).toBe(`Codex has it. What it does: optio-codex logs -f ${RUN_ID}\n`);
  });

  it('puts it into the running turn, and once for each key', async () => {
    const { api, sent } = begin();
    await runCommandLine(api, ['send', '@last', '--steer', '--key', 'k1', 'stop']);
    expect(sent).toEqual([['stop', { steer: true, idempotencyKey: 'k1' }]]);
  });

  it('puts pictures into the workspace and sends them along, alone where nothing is said', async () => {
    const directory = testDirectory('send');
    const [picture, text] = [join(directory, '.shot.png'), join(directory, 'text.png')];
    writeFileSync(picture, png());
    writeFileSync(text, 'text');
    const { api, sent, put } = begin();
    for (const words of [['Look'], []])
      expect((await runCommandLine(api, ['send', '@last', '--image', picture, ...words])).code).toBe(0);
    const [path = ''] = put.keys();
    expect(path).toMatch(/^uploads\/shot-[0-9a-f]{8}\.png$/);
    expect([...put]).toEqual([[path, png()]]);
    expect(sent).toEqual([
      ['Look', { steer: false, images: [path] }],
      ['', { steer: false, images: [path] }],
    ]);
    const { code, stderr } = await runCommandLine(api, ['send', '@last', '--image', text, 'Look']);
    expect(code).toBe(2);
    expect(stderr).toContain('is not a valid picture');
    expect([sent.length, put.size]).toEqual([2, 1]);
  });

  it.each([[['-']], [[]]])('reads it from standard input: %j', async (words) => {
    const { api, sent } = begin();
    await runCommandLine(api, ['send', '@last', ...words], { input: 'line 1\nline 2\n' });
    expect(sent).toEqual([['line 1\nline 2', { steer: false }]]);
  });

  it.each([
    ['nothing is typed at a terminal', {}],
    ['nothing stands on standard input', { input: ' \n' }],
  ])('wants a message where %s', async (_what, options) => {
    const { api, sent } = begin();
    const { code, stderr } = await runCommandLine(api, ['send', '@last'], options);
    expect({ code, sent }).toEqual({ code: 2, sent: [] });
    expect(stderr).toContain('Say it: optio-codex send RUN');
  });

  it('waits for the answer, and prints it alone', async () => {
    const { code, stdout } = await runCommandLine(begin().api, ['send', '@last', '--wait', 'x']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'It is done.\n' });
  });

  it.each([
    ['failed', 1],
    ['interrupted', 130],
  ] as const)('exits after a turn that is %s with %d', async (status, code) => {
    const { api } = begin({ status, text: '', error: 'no quota' });
    expect(await runCommandLine(api, ['send', '@last', '--wait', 'x'])).toEqual({
      code,
      stdout: '',
      stderr: status === 'failed' ? 'The turn has failed: no quota\n' : '',
    });
  });

  it('prints JSON', async () => {
    const { api } = begin({ text: 'Done.' });
    const said = async (...flags: string[]) =>
      JSON.parse((await runCommandLine(api, ['send', '@last', 'x', '--json', ...flags])).stdout) as unknown;
    expect(await said()).toEqual({ turnId: 't1' });
    expect(await said('--wait')).toEqual({ turnId: 't1', status: 'completed', text: 'Done.', error: null });
  });
});

describe('send, where Codex cannot have the message at once', () => {
  const REQUEST = { ...COMMAND_REQUEST, id: 'request-5f0c' };
  const ANSWERS = `optio-codex approve ${RUN_ID}/request-5f0c · optio-codex deny ${RUN_ID}/request-5f0c\n`;
  const TURN = 'The message waits for the turn under way.\n';
  const ASKS = `That turn waits for an answer to request-5f0c: ${ANSWERS}`;
  const PAUSED = `The message waits, as the run is paused: optio-codex resume ${RUN_ID}\n`;
  const WORKING = { digest: digestOf({ activity: 'running npm test' }) };
  const OPENED = { type: 'request.opened', request: REQUEST } as const;

  /** A message to such a run; Codex has it when the test says so. */
  function hold(run: Partial<RunDetails>, argv: readonly string[] = [], requests: readonly OpenRequest[] = []) {
    const turn = Promise.withResolvers<RunTurn>();
    const scripted = scriptApi({ runs: [detailsOf(run)], requests, handle: { send: () => turn.promise } });
    const journal = scripted.run(RUN_ID).run;
    journal.emit({ ...OPENED, request: { ...REQUEST, id: 'long-ago' } });
    const running = beginCommandLine(scripted.api, ['send', RUN_ID, ...argv, 'x'], { input: '' });
    const accept = () => {
      turn.resolve({ id: 't2', completed: new Promise(() => {}) });
      return running.ended;
    };
    return { journal, running, accept };
  }

  it.each<[string, Partial<RunDetails>, string]>([
    ['a turn', WORKING, TURN],
    ['the begin of the run', { state: 'scheduled' }, 'The message waits until the run has begun.\n'],
    ['a pause', { state: 'paused' }, PAUSED],
  ])('tells that it waits for %s', async (_what, run, said) => {
    const { running, accept } = hold(run);
    await until(() => running.stderr() === said);
    expect(await accept()).toBe(0);
    expect(running.stderr()).toBe(said);
    expect(running.stdout()).toContain('Codex has it.');
  });

  it('tells what the turn asks, or comes to ask, and how to answer it, once', async () => {
    const asking = { runId: RUN_ID, openedAt: LAUNCHED_AT, request: REQUEST };
    const before = hold({ ...WORKING, openRequests: 1 }, [], [asking]);
    await until(() => before.running.stderr() === TURN + ASKS);
    await before.accept();
    const { journal, running, accept } = hold(WORKING, ['--json']);
    await until(() => running.stderr() === TURN);
    journal.emit(OPENED);
    journal.emit({ ...OPENED, request: { ...REQUEST, id: 'another' } });
    await until(() => running.stderr() !== TURN);
    journal.emit({ type: 'run.state', state: 'paused' });
    await until(() => running.stderr().endsWith(PAUSED));
    await accept();
    expect(running.stderr()).toBe(TURN + ASKS + PAUSED);
    expect(JSON.parse(running.stdout())).toEqual({ turnId: 't2' });
  });

  it('tells nothing of what is asked after that turn', async () => {
    const { journal, running, accept } = hold(WORKING);
    await until(() => running.stderr() === TURN);
    journal.emit({ type: 'turn.ended', turnId: 't1', status: 'completed' });
    journal.emit(OPENED);
    await accept();
    expect(running.stderr()).toBe(TURN);
  });

  it.each<[string, Partial<RunDetails>, string[]]>([
    ['nothing is under way', {}, []],
    ['it goes into the turn', WORKING, ['--steer']],
  ])('tells nothing where %s', async (_what, run, argv) => {
    const { running, accept } = hold(run, argv);
    expect(await accept()).toBe(0);
    expect(running.stderr()).toBe('');
  });
});
