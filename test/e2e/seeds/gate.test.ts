import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Fire } from '../../support/fire.ts';
import { storedPort } from '../../support/gate.ts';
import { until } from '../../support/processes.ts';

/** A run whose codex waits for the model, has a token that is good for long, and is about to need another after that. */
async function midTurn() {
  const fire = await Fire.start(1, 3_600);
  fire.launch('run', { mode: 'file', isGated: 'long', attempts: 1 });
  await until(
    () => fire.identity.at('responses').some(({ status }) => status === undefined),
    'the model to be asked',
    90_000,
  );
  return { fire, codex: await fire.codex('run') };
}

describe('a codex that renews its login at the gate, and outlives us', { timeout: 200_000 }, () => {
  it('has it renewed by the next process, and its turn goes on', async () => {
    const { fire, codex } = await midTurn();
    const refreshes = () => fire.identity.ledger.refreshesOf(fire.logins[0]?.lineage ?? '');
    const before = refreshes();
    await fire.killWorker();
    fire.refuse(() => true);
    await fire.isAtWork();
    expect(await fire.codex('run')).toBe(codex);
    fire.open('run');
    expect(await fire.outcome('run')).toMatchObject({ status: 'done', turns: 1 });
    expect(refreshes()).toBe(before + 1);
    await fire.expectSafe();
  });

  it('goes on with the token that it has where somebody else has the port by then, which is told', async () => {
    const { fire } = await midTurn();
    const port = storedPort(fire.dataDir);
    await fire.killWorker();
    const heard: string[] = [];
    const squatter = createServer((socket) => socket.on('data', (data) => heard.push(String(data))));
    await new Promise<void>((resolve) => squatter.listen(port, '127.0.0.1', resolve));
    onTestFinished(() => void squatter.close());
    await fire.isAtWork();
    fire.open('run');
    expect(await fire.outcome('run')).toMatchObject({ status: 'done', turns: 1 });
    expect(heard).toEqual([]);
    expect(storedPort(fire.dataDir)).not.toBe(port);
    const told = await fire.look(async (optio) => {
      const [run] = (await optio.list()).runs;
      const messages: string[] = [];
      for await (const event of (await optio.find(run?.id ?? '')).events()) {
        if (event.type === 'notice') messages.push(event.message);
      }
      return messages;
    });
    expect(told).toContainEqual(expect.stringContaining('another program has the port'));
    await fire.expectSafe();
  });
});
