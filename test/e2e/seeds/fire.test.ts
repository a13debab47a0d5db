import { expect, it } from 'vitest';
import { Fire } from '../../support/fire.ts';
import { trials } from '../../support/fire-faults.ts';
import { randomOf, shuffled } from '../../support/random.ts';

/** Another order: SEED_FIRE=…; more of it: SEED_FIRE_ROUNDS=… */
const SEED = Number(process.env.SEED_FIRE ?? 1);
const ROUNDS = Number(process.env.SEED_FIRE_ROUNDS ?? 1);

it('loses none of three logins whose refresh tokens work once, and uses none twice, in 78 runs one after another, each with another death or answer', {
  timeout: 1_800_000 * ROUNDS,
}, async () => {
  const random = randomOf(SEED);
  const order = Array.from({ length: ROUNDS }, () => shuffled(trials(), random)).flat();
  expect(order).toHaveLength(78 * ROUNDS);
  const fire = await Fire.start(3);
  const story = [`SEED_FIRE=${SEED}`];
  for (const [nth, { name, act, mode }] of order.entries()) {
    const run = `${mode}-${nth}`;
    story.push(`${run}: ${name}`);
    await act(fire, run).catch((cause) => {
      throw new Error([...story.slice(-5), fire.unended].join('\n'), { cause });
    });
    expect(await fire.outcome(run), story.join('\n')).toMatchObject({ status: 'done' });
    const { ledger } = fire.identity;
    expect(ledger.usedAgain(), [...story.slice(-3), ledger.tail].join('\n')).toEqual([]);
  }
  await fire.expectSafe();
  console.log(`SEED_FIRE=${SEED}: ${order.length} runs, ${fire.tally}`);
});
