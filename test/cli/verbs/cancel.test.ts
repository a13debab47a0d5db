import { describe, expect, it } from 'vitest';
import { runCommandLine } from '../../support/command-line.ts';
import { detailsOf } from '../../support/run-summary.ts';
import { scriptApi } from '../../support/scripted-api.ts';

const [ONE, TWO] = ['run-01aa000000000000', 'run-02bb000000000000'] as const;
const begin = () => scriptApi({ runs: [detailsOf({ id: ONE }), detailsOf({ id: TWO })] });

describe('cancel', () => {
  it('tells each run to stop, and why', async () => {
    const { api, calls } = begin();
    const { code, stdout } = await runCommandLine(api, ['cancel', 'run-02', ONE, '--reason', 'enough']);
    expect({ code, calls }).toEqual({ code: 0, calls: [`cancel "${TWO}" "enough"`, `cancel "${ONE}" "enough"`] });
    expect(stdout).toBe(`${TWO} is told to stop.\n${ONE} is told to stop.\n`);
  });

  it.each([
    ['done', 'has ended before: done.'],
    ['failed', 'has ended before: failed.'],
    ['cancelled', 'is cancelled.'],
    ['cancelling', 'is told to stop.'],
  ] as const)('says of a run that is %s that it %s', async (state, said) => {
    const { api } = scriptApi({ runs: [detailsOf({ id: ONE, state })] });
    expect(await runCommandLine(api, ['cancel', ONE])).toMatchObject({ code: 0, stdout: `${ONE} ${said}\n` });
  });

  it('goes on with the others where one cannot be told', async () => {
    const { api, calls } = begin();
    const { code, stdout, stderr } = await runCommandLine(api, ['cancel', 'nightly', ONE, '--json']);
    expect({ code, calls }).toEqual({ code: 1, calls: [`cancel "${ONE}" "cancelled on the command line"`] });
    expect(JSON.parse(stdout)).toEqual({ runs: [ONE] });
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'not-found' } });
  });

  it('tells all runs with a tag', async () => {
    const { api, calls } = begin();
    const { stdout } = await runCommandLine(api, ['cancel', '--tag', 'batch=7', '--block', '--reason', 'no']);
    expect(calls).toEqual(['cancelGroup {"metadata":{"batch":"7"}} {"reason":"no","block":true}']);
    expect(stdout).toBe(`${ONE} is told to stop.\n${TWO} is told to stop.\n`);
  });

  it.each([[[]], [[ONE, '--tag', 'a=b']], [[ONE, '--block']], [['--tag', 'a=1', '--tag', 'a=2']]])(
    'does nothing where it is not clear whom: %j',
    async (argv) => {
      const { api, calls } = begin();
      expect((await runCommandLine(api, ['cancel', ...argv])).code).toBe(2);
      expect(calls).toEqual([]);
    },
  );
});
