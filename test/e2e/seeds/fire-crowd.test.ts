import { expect, it } from 'vitest';
import { Fire } from '../../support/fire.ts';
import { crowd } from '../../support/fire-crowd.ts';
import { randomOf } from '../../support/random.ts';

/** Another order: SEED_FIRE=…; more of it: SEED_FIRE_ROUNDS=… */
const SEED = Number(process.env.SEED_FIRE ?? 1);
const ROUNDS = Number(process.env.SEED_FIRE_ROUNDS ?? 1);

it('loses none of three logins whose refresh tokens work once, and uses none twice, in eight runs at once, of which some have a login alone', {
  timeout: 400_000 * ROUNDS,
}, async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const fire = await Fire.start(3);
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
