import { describe, expect, it } from 'vitest';
import { ScriptedModel } from '../../../src/testing/model.ts';
import { beginCommandLine, runCommandLine } from '../../support/command-line.ts';
import { until } from '../../support/processes.ts';
import { scriptApi } from '../../support/scripted-api.ts';

describe('scripted-model', () => {
  it('answers where it says, does what the prompt says, and ends with a signal', async () => {
    const running = beginCommandLine(scriptApi().api, ['scripted-model', '--port', '0']);
    await until(() => running.stdout().includes('Ctrl-C'));
    const [url = '', hint = ''] = running.stdout().split('\n');
    expect(hint).toBe(`  try  optio-codex run --provider ${url} --model any '!run date'`);
    const content = [{ type: 'input_text', text: '!say Hello there' }];
    const body = JSON.stringify({ model: 'any', input: [{ type: 'message', role: 'user', content }], tools: [] });
    const answer = await fetch(`${url}/responses`, { method: 'POST', body });
    expect(await answer.text()).toContain('Hello there');
    process.emit('SIGINT', 'SIGINT');
    expect(await running.ended).toBe(0);
    await expect(fetch(`${url}/models`)).rejects.toThrow();
  });

  it('tells that a port is taken', async () => {
    await using model = await ScriptedModel.start();
    const { code, stderr } = await runCommandLine(scriptApi().api, [
      'scripted-model',
      '--port',
      new URL(model.url).port,
    ]);
    expect(code).toBe(2);
    expect(stderr).toContain('Name another one with --port');
  });
});
