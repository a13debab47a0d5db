import { expect, it } from 'vitest';
import { toRunHandle } from '../../../src/engine/run-handle.ts';
import { openCodexEngine } from '../../support/codex-engine.ts';

it('an interrupt that names a turn ends that one, and never the one after it', async () => {
  const { launch, engine } = await openCodexEngine();
  const run = await launch({ instructions: 'Be brief.', autoStart: false, endRule: 'told' });
  const handle = toRunHandle(engine, run.id);
  const first = await handle.send('!hang', { idempotencyKey: '1' });
  for await (const { type } of handle.events()) if (type === 'message.taken') break; // before that it need not become Codex's
  await handle.interrupt({ turnId: first.id });
  expect(await first.completed).toMatchObject({ status: 'interrupted' });
  const second = await handle.send('!run echo second', { idempotencyKey: '2 – “zwei”' });
  await handle.interrupt({ turnId: first.id }); // said again, since nobody has heard the answer
  expect(await second.completed).toMatchObject({ status: 'completed' });
  expect((await handle.send('!run echo second', { idempotencyKey: '2 – “zwei”' })).id).toBe(second.id);
  await handle.interrupt({ turnId: second.id });
  await handle.finish();
  const events = await run.events();
  const taken = events.flatMap((event) => (event.type === 'message.taken' ? [event.messageId] : []));
  expect(taken).toEqual(['1', '2 – “zwei”']);
  expect(await run.outcome).toMatchObject({ status: 'done', turns: 2 });
});
