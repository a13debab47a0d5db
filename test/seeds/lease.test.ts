import { describe, expect, it } from 'vitest';
import { OptioError } from '../../src/errors.ts';
import { Lease } from '../../src/seeds/lease.ts';
import type { HeldLease, SeedLeases } from '../../src/store/store.ts';
import { SteppedClock } from '../support/seeds.ts';

const HELD = { seedId: 'work', holder: 'run-1', fence: 7 };

/** A store of one lease, in the place of the real one, which cannot be made to answer late or wrongly. */
class ScriptedLeases implements SeedLeases {
  renewals = 0;
  readonly released: HeldLease[] = [];
  renews: () => Promise<boolean> = async () => true;

  async acquire(): Promise<undefined> {}

  renew(): Promise<boolean> {
    this.renewals++;
    return this.renews();
  }

  async release({ seedId, holder, fence }: HeldLease): Promise<boolean> {
    this.released.push({ seedId, holder, fence });
    return true;
  }
}

function place() {
  const leases = new ScriptedLeases();
  const clock = new SteppedClock();
  let ends = 0;
  const lease = new Lease(HELD, clock.elapsed(), { leases, clock, onEnd: () => void ends++ });
  return { leases, clock, lease, ends: () => ends };
}

describe('a lease', () => {
  it('renews itself from the beginning, four times a minute', async () => {
    const { leases, clock, lease } = place();
    await clock.pass(14_999);
    expect(leases.renewals).toBe(0);
    await clock.pass(1);
    expect(leases.renewals).toBe(1);
    await clock.pass(600_000);
    expect(leases.renewals).toBe(41);
    expect(lease.isHeld).toBe(true);
    expect(lease.signal.aborted).toBe(false);
  });

  it('is lost at once when somebody else has it, and says so', async () => {
    const { leases, clock, lease, ends } = place();
    leases.renews = async () => false;
    await clock.pass(15_000);
    expect(lease.signal.reason).toMatchObject({ code: 'lease-lost', message: expect.stringContaining('work') });
    expect(lease.isHeld).toBe(false);
    expect(ends()).toBe(1);
    await clock.pass(600_000);
    expect(leases.renewals).toBe(1);
    expect(clock.waiting).toBe(0);
  });

  it('survives a store that fails for a while', async () => {
    const { leases, clock, lease } = place();
    leases.renews = async () => {
      throw new OptioError('store-full', 'there is no space left');
    };
    await clock.pass(50_000);
    expect(leases.renewals).toBe(36);
    leases.renews = async () => true;
    await clock.pass(1_000);
    expect(lease.isHeld).toBe(true);
    await clock.pass(50_000);
    expect(lease.signal.aborted).toBe(false);
  });

  it('is given up before it can have run out when it could not be renewed', async () => {
    const { leases, clock, lease } = place();
    leases.renews = async () => {
      throw new OptioError('store-failed', 'the disk is gone');
    };
    await clock.pass(54_999);
    expect(lease.isHeld).toBe(true);
    await clock.pass(1);
    expect(lease.signal.reason).toMatchObject({ code: 'lease-lost', message: expect.stringContaining('in time') });
    expect(clock.waiting).toBe(0);
  });

  it('is given up when the store does not answer, whatever it says later', async () => {
    const { leases, clock, lease } = place();
    const answer = Promise.withResolvers<boolean>();
    leases.renews = () => answer.promise;
    await clock.pass(55_000);
    expect(lease.signal.aborted).toBe(true);
    answer.resolve(true);
    await clock.pass(600_000);
    expect(lease.isHeld).toBe(false);
    expect(leases.renewals).toBe(1);
  });

  it('counts from when it was asked for, and not from when the answer came', async () => {
    const { leases, clock, lease } = place();
    const answer = Promise.withResolvers<boolean>();
    leases.renews = () => answer.promise;
    await clock.pass(30_000);
    leases.renews = () => new Promise(() => {});
    answer.resolve(true); // to what was asked at 15 s
    await clock.pass(0);
    await clock.pass(39_999);
    expect(lease.isHeld).toBe(true);
    await clock.pass(1);
    expect(lease.isHeld).toBe(false);
  });

  it('is not taken for held after this process has slept, before anybody could tell', async () => {
    for (const isStillOurs of [true, false]) {
      const { leases, clock, lease } = place();
      leases.renews = async () => isStillOurs;
      clock.sleep(55_000);
      expect(lease.isHeld).toBe(false);
      expect(lease.signal.aborted).toBe(false);
      await clock.pass(0);
      expect(lease.isHeld).toBe(isStillOurs);
      expect(lease.signal.aborted).toBe(!isStillOurs);
    }
  });

  it('is given back once, after a renewal that is under way, and is not lost by that', async () => {
    const { leases, clock, lease, ends } = place();
    const answer = Promise.withResolvers<boolean>();
    leases.renews = () => answer.promise;
    await clock.pass(15_000);
    const released = Promise.all([lease.release(), lease.release()]);
    await clock.pass(1_000);
    expect(leases.released).toEqual([]);
    expect(lease.isHeld).toBe(false);
    answer.resolve(true);
    await released;
    expect(leases.released).toEqual([HELD]);
    expect(lease.signal.aborted).toBe(false);
    expect(ends()).toBe(1);
    await clock.pass(600_000);
    expect(clock.waiting).toBe(0);
  });

  it('ends also where the store cannot take it back, and runs out there by itself', async () => {
    const { leases, lease, ends } = place();
    leases.release = async () => {
      throw new OptioError('store-failed', 'the disk is gone');
    };
    await lease.release();
    expect(ends()).toBe(1);
  });
});
