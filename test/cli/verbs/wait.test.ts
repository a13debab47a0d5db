import { describe, expect, it } from 'vitest';
import { beginCommandLine, runCommandLine } from '../../support/command-line.ts';
import { until } from '../../support/processes.ts';
import { detailsOf } from '../../support/run-summary.ts';
import { scriptApi } from '../../support/scripted-api.ts';

const [ONE, TWO] = ['run-01aa000000000000', 'run-02bb000000000000'] as const;
const begin = () => scriptApi({ runs: [detailsOf({ id: ONE }), detailsOf({ id: TWO })] });

describe('wait', () => {
  it('tells each run when it has ended, and gives the highest of their exit codes', async () => {
    const { api, run } = begin();
    const running = beginCommandLine(api, ['wait', ONE, TWO], { input: '' });
    run(TWO).end('failed', { durationMs: 61_000, error: { code: 'turn-failed', message: 'no\nquota' } });
    await until(() => running.stdout() !== '');
    expect(running.stdout()).toBe(`${TWO}  failed  1 min 01 s  turn-failed: no quota\n`);
    run(ONE).end('done', { durationMs: 1_000 });
    expect(await running.ended).toBe(1);
    expect(running.stdout()).toContain(`\n${ONE}  done  1.0 s\n`);
  });

  it.each([
    ['done', 0],
    ['failed', 1],
    ['cancelled', 130],
  ] as const)('exits after a run that is %s with %d', async (status, code) => {
    const { api, run } = begin();
    run(ONE).end(status);
    expect((await runCommandLine(api, ['wait', ONE])).code).toBe(code);
  });

  it('tells which run it is by the name that was given, too', async () => {
    const { api, run } = scriptApi({ runs: [detailsOf({ id: ONE, name: 'docs' })] });
    run(ONE).end('done', { durationMs: 1_000 });
    expect((await runCommandLine(api, ['wait', 'docs'])).stdout).toBe(`${ONE}  docs  done  1.0 s\n`);
  });

  it('prints outcomes as JSON lines', async () => {
    const { api, run } = begin();
    for (const id of [ONE, TWO]) run(id).end('done', { text: id });
    const { stdout } = await runCommandLine(api, ['wait', ONE, TWO, '--json']);
    const lines = stdout.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toMatchObject(
      [ONE, TWO].map((id) => ({ id, outcome: { text: id } })),
    );
  });

  it('waits no longer than it is told to, and then says so', async () => {
    const { api, calls } = begin();
    const { code, stderr } = await runCommandLine(api, ['wait', ONE, '--timeout', '0.01s']);
    expect(code).toBe(124);
    expect(stderr).toBe('It has not ended within 0.0 s.\n');
    expect(calls).toEqual([]);
  });

  it('does not begin to wait where one of them is not there', async () => {
    const { code, stderr } = await runCommandLine(begin().api, ['wait', ONE, 'nightly']);
    expect(code).toBe(1);
    expect(stderr).toContain('there is no run nightly');
  });
});
