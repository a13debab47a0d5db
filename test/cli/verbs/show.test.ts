import { describe, expect, it } from 'vitest';
import { NO_USAGE } from '../../../src/contract/usage.ts';
import { runCommandLine } from '../../support/command-line.ts';
import { COMMAND_REQUEST, SESSION_STARTED } from '../../support/run-events.ts';
import { detailsOf, digestOf, LAUNCHED_AT, RUN_ID } from '../../support/run-summary.ts';
import { scriptApi } from '../../support/scripted-api.ts';

const DETAILS = detailsOf({
  openRequests: 1,
  metadata: { team: 'red' },
  params: { package: 'server' },
  budget: { turns: 20, wallMs: 3_600_000 },
  digest: digestOf({
    progress: { percent: 40, message: 'half\u001b[2J way' },
    contextTokens: 64_000,
    contextWindow: 128_000,
  }),
});
const REQUESTS = [{ runId: RUN_ID, openedAt: LAUNCHED_AT, request: { ...COMMAND_REQUEST, command: 'npm\ntest' } }];

describe('show', () => {
  it('tells where a run stands, what it uses, and what it asks', async () => {
    const { api } = scriptApi({ runs: [DETAILS], requests: REQUESTS });
    const { code, stdout } = await runCommandLine(api, ['show', '@last']);
    expect(code).toBe(0);
    expect(stdout.split('\n')).toEqual([
      `Fix the tests  ${RUN_ID}`,
      '  state         running, asks you',
      '  task          run',
      '  launched      5 min ago',
      '  begun         5 min ago',
      '  progress      40%, half way',
      '  model         gpt-5.5',
      '  used          1 turn, 1,200 tokens; 50% of its context',
      '  may use       20 turns, 1 h; then it is paused',
      '  tags          team=red',
      '  params        {"package":"server"}',
      '',
      'It waits for you; all of it: optio-codex requests run-01a21534',
      `  ${RUN_ID}/r1  command  npm test`,
      '',
    ]);
  });

  it('tells what it was asked to do, where it works, and how it is confined', async () => {
    const scripted = scriptApi({ runs: [detailsOf()] });
    const { run } = scripted.run(RUN_ID);
    run.emit(SESSION_STARTED);
    run.emit({ type: 'message.sent', messageId: 'm1', text: 'Say\nhello', images: [], steer: false });
    run.emit({ type: 'message.sent', messageId: 'm2', text: 'And more', images: [], steer: false });
    const { stdout } = await runCommandLine(scripted.api, ['show', '@last']);
    expect(stdout).toContain('  asked         Say hello\n');
    expect(stdout).toContain('  workspace     /repo/space (fresh)\n');
    expect(stdout).toContain('  sandbox       workspace-write, no network · asks: on-request\n');
    expect(stdout).toContain(`  login         ${SESSION_STARTED.login}\n`);
  });

  it.each([
    [{ autoStart: true, instructions: 'Say\nhello' }, '  asked         Say hello\n'],
    [{ instructions: 'Be brief' }, undefined],
  ])('tells what a run without a session would have been asked: %j', async (config, line) => {
    const run = detailsOf({ state: 'failed', definition: { id: 'run', name: 'run', config } });
    const { stdout } = await runCommandLine(scriptApi({ runs: [run] }).api, ['show', '@last']);
    if (line) expect(stdout).toContain(line);
    else expect(stdout).not.toContain('asked');
  });

  it('tells how its login is kept from commands, and by what it is not', async () => {
    const scripted = scriptApi({ runs: [detailsOf()] });
    const loginReport = { seed: 'work', kept: 'tokens', gaps: ['servers of\u0007 yours'] } as const;
    const login = 'ChatGPT login of ada@example.org, seed work';
    scripted
      .run(RUN_ID)
      .run.emit({ ...SESSION_STARTED, login, loginReport: { ...loginReport, gaps: [...loginReport.gaps] } });
    const { stdout } = await runCommandLine(scripted.api, ['show', '@last']);
    const kept = 'short-lived tokens in the memory of Codex, hidden from commands, but: servers of yours';
    expect(stdout).toContain(`  login         ${login}: ${kept}\n`);
  });

  it('does not name the directory of a worktree that is gone', async () => {
    const workspace = { path: '/w/run-1', kind: 'worktree' as const, repository: '/repo', branch: 'b', changes: [] };
    const outcome = { status: 'done' as const, text: '', durationMs: 1, usage: NO_USAGE, turns: 1 };
    const ended = detailsOf({ state: 'done', outcome: { ...outcome, workspace: { ...workspace, isPartial: false } } });
    const { stdout } = await runCommandLine(scriptApi({ runs: [ended] }).api, ['show', RUN_ID]);
    expect(stdout).toContain('  workspace     /repo (in a worktree of it)\n  branch        b\n');
  });

  it('tells how a run has ended, why, and what the agent said', async () => {
    const error = { code: 'turn-failed' as const, message: 'no more quota', remedy: 'Wait.' };
    const outcome = {
      status: 'failed' as const,
      text: 'I did\nwhat I could.\u001b]0;evil\u0007',
      error,
      durationMs: 61_000,
      usage: NO_USAGE,
      turns: 2,
    };
    const ended = detailsOf({ state: 'failed', endedAt: LAUNCHED_AT, error, outcome });
    const { stdout } = await runCommandLine(scriptApi({ runs: [ended] }).api, ['show', RUN_ID]);
    expect(stdout).toContain('  ended         5 min ago, after 1 min 01 s\n');
    const [, ...first] = stdout.split('\n', 5);
    expect(first).toEqual(['  no more quota', '    Wait.', '    (turn-failed)', '  state         failed']);
    expect(stdout).toMatch(/\n\nI did\nwhat I could\.\n$/);
  });

  it('prints what the API knows as JSON', async () => {
    const { api } = scriptApi({ runs: [DETAILS], requests: REQUESTS });
    const { stdout } = await runCommandLine(api, ['show', RUN_ID, '--json']);
    expect(JSON.parse(stdout)).toEqual(DETAILS);
  });

  it('tells an error as JSON too, on standard error alone', async () => {
    const { code, stdout, stderr } = await runCommandLine(scriptApi({ runs: [] }).api, ['show', 'x', '--json']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(JSON.parse(stderr)).toEqual({
      error: {
        code: 'not-found',
        message: 'there is no run x',
        remedy: expect.stringMatching(/^There are no runs yet/),
      },
    });
  });

  it('tells as JSON too how it is used', async () => {
    const { code, stdout, stderr } = await runCommandLine(scriptApi().api, ['show', '--json']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(JSON.parse(stderr)).toEqual({
      error: {
        code: 'invalid-input',
        message: "missing required argument 'run'",
        remedy: expect.stringMatching(/--help/),
      },
    });
  });
});
