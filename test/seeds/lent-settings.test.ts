import { describe, expect, it } from 'vitest';
import { brokerPlace } from '../support/broker.ts';
import { storeConfig } from '../support/stored-config.ts';

describe('the settings of a seed', () => {
  it('go along with each way of lending it, looked at once more, since others may have kept more', async () => {
    const place = await brokerPlace();
    const { seeds, lend, provider } = place;
    const config = 'model = "gpt-5.5"\nhide_agent_reasoning = true\n';
    await seeds.add({ id: 'work', auth: provider.login('acct-work'), config });
    await seeds.add({ id: 'key', apiKey: 'sk-1234567890', config });
    await seeds.add({ id: 'plain', apiKey: 'sk-0987654321' });
    await storeConfig(
      place,
      (before) => before && `${before}notify = ["sh"]\nmodel_provider = "evil"\n[mcp_servers.x]\ncommand = "sh"`,
    );
    const modes: string[] = [];
    for (const [id, mode] of [
      ['work', 'broker'],
      ['work', 'file'],
      ['key', 'broker'],
    ] as const) {
      const loan = await lend('run-1', id, { mode });
      modes.push(loan.mode);
      expect(loan.settings).toEqual({ model: 'gpt-5.5', hide_agent_reasoning: true });
      await loan.release();
    }
    expect(modes).toEqual(['broker', 'file', 'key']);
    expect((await lend('run-1', 'plain')).settings).toEqual({});
  });

  it('are those that it has when it is lent', async () => {
    const { seeds, lend, provider } = await brokerPlace();
    const auth = provider.login('acct-work');
    await seeds.add({ id: 'work', auth, config: 'model = "a"' });
    await (await lend('run-1', 'work')).release();
    await seeds.add({ id: 'work', auth, config: 'model = "b"', again: true });
    expect((await lend('run-2', 'work')).settings).toEqual({ model: 'b' });
  });
});
