import { describe, expect, it } from 'vitest';
import type { RunTurnResult } from '../../../src/contract/run-handle.ts';
import { runCommandLine } from '../../support/command-line.ts';
import { detailsOf, RUN_ID } from '../../support/run-summary.ts';
import { scriptApi } from '../../support/scripted-api.ts';

function begin(result: Partial<RunTurnResult> = {}) {
  const sent: unknown[] = [];
  const completed = { id: 't1', status: 'completed' as const, text: 'It is\u001b[2J done.', error: null, ...result };
  const { api } = scriptApi({
    runs: [detailsOf()],
    handle: {
      send: async (...message) => {
        sent.push(message);
        return { id: 't1', completed: Promise.resolve(completed) };
      },
    },
  });
  return { api, sent };
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
