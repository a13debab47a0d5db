import { describe, expect, it } from 'vitest';
import { isCodex } from '../../fakes/identity/faults.ts';
import { Fire } from '../../support/fire.ts';
import { crowd } from '../../support/fire-crowd.ts';
import { type Trial, trials } from '../../support/fire-faults.ts';
import { randomOf, shuffled } from '../../support/random.ts';

/** Another order: SEED_FIRE=…; more of it: SEED_FIRE_ROUNDS=… */
const SEED = Number(process.env.SEED_FIRE ?? 1);
const ROUNDS = Number(process.env.SEED_FIRE_ROUNDS ?? 1);
/** Two pools at a time is what two cores carry. */
const LANES = 2;

describe('a pool of logins whose refresh tokens work once', { timeout: 400_000 * ROUNDS }, () => {
  it('loses none, and uses none twice, in runs one after another, each with another death or answer', async () => {
    const random = randomOf(SEED);
    const all = Array.from({ length: ROUNDS }, () => shuffled(trials(), random)).flat();
    console.log(`SEED_FIRE=${SEED}, ${all.length} runs`);
    const lanes = Array.from({ length: LANES }, (_, lane) => all.filter((_, nth) => nth % LANES === lane));
    await Promise.all(lanes.map(live));
  });

  it('loses none, and uses none twice, in eight runs at once, of which some have a login alone', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const fire = await Fire.start();
      const blows: string[] = [];
      const told = () => `SEED_FIRE=${SEED}, round ${round}\n${blows.join('\n')}\n${fire.unended}`;
      const runs = await crowd(fire, randomOf(SEED + round), (blow) => blows.push(blow)).catch((cause) => {
        throw new Error(told(), { cause });
      });
      const ends = await Promise.all(runs.map((run) => fire.outcome(run)));
      expect(
        ends.map(({ status, error }) => error ?? status),
        told(),
      ).toEqual(runs.map(() => 'done'));
      await fire.expectSafe();
      console.log(`SEED_FIRE=${SEED}: ${fire.tally}`);
    }
  });
});

/** Trial after trial, all on one pool. */
async function live(order: readonly Trial[], lane: number): Promise<void> {
  const fire = await Fire.start();
  const story = [`SEED_FIRE=${SEED}`];
  for (const [nth, { name, act, mode }] of order.entries()) {
    const run = `${mode}-${lane}-${nth}`;
    story.push(`${run}: ${name}`);
    await act(fire, run).catch((cause) => {
      throw new Error([...story, fire.unended].join('\n'), { cause });
    });
    expect(await fire.outcome(run), story.join('\n')).toMatchObject({ status: 'done' });
    fire.refuse(isCodex);
  }
  await fire.expectSafe();
  console.log(`SEED_FIRE=${SEED}: ${order.length} runs, ${fire.tally}`);
}
