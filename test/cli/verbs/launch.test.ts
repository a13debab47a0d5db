import { describe, expect, it } from 'vitest';
import { beginCommandLine, runCommandLine } from '../../support/command-line.ts';
import { until } from '../../support/processes.ts';
import { detailsOf, RUN_ID } from '../../support/run-summary.ts';
import { scriptApi } from '../../support/scripted-api.ts';

const begin = () => scriptApi({ runs: [detailsOf({ state: 'failed' })] });

describe('launch', () => {
  it.each<[string[], object]>([
    [[], {}],
    [['--param', 'package=server', '--param', 'day=mon'], { params: { package: 'server', day: 'mon' } }],
    [['--params', '[1]'], { params: [1] }],
    [['--params', '{"n":1,"day":"sun"}', '--param', 'day=mon'], { params: { n: 1, day: 'mon' } }],
    [['--params', 'null'], { params: null }],
    [
      ['--name', 'mine', '--tag', 'team=red', '--key', 'k1', '--priority', '-2'],
      { name: 'mine', metadata: { team: 'red' }, idempotencyKey: 'k1', priority: -2 },
    ],
    [
      ['--turns', '3', '--tokens', '9', '--minutes', '1', '--on-reached', 'fail'],
      { budget: { turns: 3, tokens: 9, wallMs: 60_000, onReached: 'fail' } },
    ],
  ])('launches a run of a task with %j, and prints its id alone', async (flags, options) => {
    const { api, calls } = begin();
    const { code, stdout } = await runCommandLine(api, ['launch', '-d', 'nightly', ...flags]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'run-new\n' });
    const [call = ''] = calls;
    expect(JSON.parse(call.slice('launch "nightly" '.length))).toEqual(options);
  });

  it('prints what is known of the run as JSON', async () => {
    const { api } = begin();
    expect(JSON.parse((await runCommandLine(api, ['launch', '-d', 'nightly', '--json'])).stdout)).toMatchObject({
      id: 'run-new',
      state: 'running',
    });
  });

  it('shows the run to its end, what its task says too, and gives its exit code', async () => {
    const { api, run } = begin();
    const running = beginCommandLine(api, ['launch', 'nightly'], { input: '' });
    run('run-new').run.emit({ type: 'message.sent', messageId: 'm1', text: 'Tidy up', images: [], steer: false });
    await until(() => running.text().includes('> Tidy up\n'));
    run('run-new').run.emit({ type: 'notice', level: 'warning', message: 'look here' });
    await until(() => running.text().includes('look here'));
    run('run-new').end('failed');
    expect(await running.ended).toBe(1);
  });

  it.each([
    [['--params', '{no'], /--params is not valid JSON/],
    [['--params', '[1]', '--param', 'a=b'], /--params is no object/],
    [['--turns', '0'], /whole number above 0/],
    [['--param', 'a'], /NAME=VALUE/],
    [['--param', 'a=1', '--param', 'a=2'], /Say a once: it has "1" already/],
    [['--tag', 'a=1', '--tag', 'a=2'], /Say a once/],
  ])('launches nothing with %j', async (flags, message) => {
    const { api, calls } = begin();
    const { code, stderr } = await runCommandLine(api, ['launch', '-d', 'nightly', ...flags]);
    expect({ code, calls }).toEqual({ code: 2, calls: [] });
    expect(stderr).toMatch(message);
  });
});

describe('retry', () => {
  it('launches a run once more, and prints the id of the new one', async () => {
    const keys: unknown[] = [];
    const { run } = scriptApi();
    const { api } = scriptApi({
      runs: [detailsOf()],
      handle: {
        retry: async (options) => {
          keys.push(options);
          return run('run-again').handle;
        },
      },
    });
    const { code, stdout } = await runCommandLine(api, ['retry', '-d', RUN_ID, '--key', 'k1']);
    expect({ code, stdout, keys }).toEqual({ code: 0, stdout: 'run-again\n', keys: [{ idempotencyKey: 'k1' }] });
  });
});

describe('run -d', () => {
  it('begins a run, prints its id alone, and leaves it to itself', async () => {
    const { api, asked } = begin();
    const argv = [
      'run',
      '-d',
      '--name',
      'docs',
      '--tag',
      'team=red',
      '--turns',
      '3',
      '--attempts',
      '2',
      'Write',
      'them',
    ];
    const { code, stdout, stderr } = await runCommandLine(api, argv);
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: 'run-new\n', stderr: '' });
    const options = { name: 'docs', metadata: { team: 'red' }, budget: { turns: 3 }, retry: { attempts: 2 } };
    expect(asked).toEqual([['run', expect.objectContaining({ instructions: 'Write them' }), options]]);
  });
});
