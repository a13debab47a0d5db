import { describe, expect, it } from 'vitest';
import { OptioError } from '../../../src/errors.ts';
import { runCommandLine } from '../../support/command-line.ts';
import { detailsOf, digestOf, RUN_ID } from '../../support/run-summary.ts';
import { scriptApi } from '../../support/scripted-api.ts';

const begin = () =>
  scriptApi({ runs: [detailsOf({ budget: { turns: 5, onReached: 'fail' }, digest: digestOf({ effort: 'high' }) })] });

describe('the verbs that turn something of a run', () => {
  it.each([
    [['interrupt', '@last'], ['interrupt "RUN"'], 'No turn is under way. Say what to do: optio-codex send RUN'],
    [['pause', '@last', '--reason', 'lunch'], ['pause "RUN" "lunch"'], 'It is paused.'],
    [['resume', '@last'], ['resume "RUN"'], 'It goes on.'],
    [['finish', '@last'], ['finish "RUN"'], 'RUN is told that it is done.'],
    [
      ['budget', '@last', '--turns', '20', '--minutes', '1.5', '--on-reached', 'pause'],
      ['raiseBudget "RUN" {"turns":20,"wallMs":90000,"onReached":"pause"}'],
      'It may use',
    ],
    [
      ['model', '@last', 'gpt-x', '--effort', 'low'],
      ['model "RUN" "gpt-x"', 'effort "RUN" "low"'],
      'From the next turn on: gpt-x, low',
    ],
    [['model', '@last', '-e', 'low'], ['effort "RUN" "low"'], 'From the next turn on: low'],
  ])('%j', async (argv, done, said) => {
    const { api, calls } = begin();
    const { code, stdout } = await runCommandLine(api, argv);
    expect({ code, calls }).toEqual({ code: 0, calls: done.map((call) => call.replace('RUN', RUN_ID)) });
    expect(stdout).toContain(said.replace('RUN', RUN_ID));
    expect(JSON.parse((await runCommandLine(api, [...argv, '--json'])).stdout)).toMatchObject({ run: RUN_ID });
  });

  it('say of an interrupt that the turn ends which is under way', async () => {
    const { api } = scriptApi({ runs: [detailsOf({ digest: digestOf({ activity: 'thinking' }) })] });
    const { stdout } = await runCommandLine(api, ['interrupt', '@last']);
    expect(stdout).toBe(`Its turn ends. Say how to go on: optio-codex send ${RUN_ID} "…"\n`);
  });

  it.each([
    [['budget', '@last'], 'It may use 5 turns; then it has failed.\n', { budget: { turns: 5, onReached: 'fail' } }],
    [['model', '@last'], 'gpt-5.5, high\n', { model: 'gpt-5.5', effort: 'high' }],
  ])('show it where they are to change nothing: %j', async (argv, said, data) => {
    const { api, calls } = begin();
    expect((await runCommandLine(api, argv)).stdout).toBe(said);
    expect(JSON.parse((await runCommandLine(api, [...argv, '--json'])).stdout)).toEqual({ run: RUN_ID, ...data });
    expect(calls).toEqual([]);
  });

  it('say where there is no limit', async () => {
    const { api } = scriptApi({ runs: [detailsOf()] });
    expect((await runCommandLine(api, ['budget', '@last'])).stdout).toBe('It may use as much as it likes.\n');
  });

  it('pass on why something cannot be done', async () => {
    const refuse = async () => {
      throw new OptioError('conversation-not-ready', 'it has no session', { remedy: 'Wait until it runs.' });
    };
    const { api } = scriptApi({ runs: [detailsOf()], handle: { interrupt: refuse } });
    expect(await runCommandLine(api, ['interrupt', '@last'])).toEqual({
      code: 1,
      stdout: '',
      stderr: 'error: it has no session\n  Wait until it runs.\n  (conversation-not-ready)\n',
    });
  });
});
