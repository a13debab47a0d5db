import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../../support/failure.ts';
import { expectNothingLeft, leaksIn, loginPlace, tokenOf } from '../../support/seed-logins.ts';

describe('a login for a seed', () => {
  it('that is there is refused before anybody logs in, unless it is to be one more', async () => {
    const place = await loginPlace();
    const { identity, seeds, begin, end, logins } = place;
    const account = identity.addAccount();
    const first = await begin({ id: 'work' });
    identity.devices.decide(first.userCode ?? '', account);
    await end(first);
    const seen = identity.requests.length;
    expect(await failureOf(logins.start({ id: 'work' }))).toMatchObject({
      code: 'invalid-input',
      details: { field: 'id' },
    });
    expect(await failureOf(logins.start({ id: 'other', again: true }))).toMatchObject({ code: 'not-found' });
    const other = { id: 'work', pool: 'other', again: true };
    expect(await failureOf(logins.start(other))).toMatchObject({ code: 'invalid-input', details: { field: 'pool' } });
    expect(identity.requests).toHaveLength(seen);
    await seeds.note('work', 1, { state: 'dead', reason: 'it was refused' });
    const again = await begin({ id: 'work', again: true });
    identity.devices.decide(again.userCode ?? '', account);
    expect((await end(again)).state).toBe('done');
    expect(await seeds.find('work')).toMatchObject({
      state: 'unknown',
      version: 2,
      reason: expect.stringContaining('new login'),
    });
    const token = await tokenOf(place);
    expect(identity.ledger.newestOf([...identity.ledger.entries].at(-1)?.lineage ?? '')).toBe(token);
    expectNothingLeft(place);
  });

  it('of somebody else changes nothing', async () => {
    const place = await loginPlace();
    const { identity, seeds, begin, end } = place;
    const first = await begin({ id: 'work' });
    identity.devices.decide(first.userCode ?? '', identity.addAccount());
    await end(first);
    const [before, token] = [await seeds.find('work'), await tokenOf(place)];
    const again = await begin({ id: 'work', again: true });
    identity.devices.decide(again.userCode ?? '', identity.addAccount());
    expect(await end(again)).toMatchObject({
      state: 'failed',
      error: { code: 'login-failed', message: expect.stringContaining('another account') },
    });
    expect({ ...(await seeds.find('work')), lastLeasedAt: null, lease: null }).toEqual({
      ...before,
      lastLeasedAt: null,
      lease: null,
    });
    expect(await tokenOf(place)).toBe(token);
    expectNothingLeft(place);
  });

  it('that somebody uses waits for them, and is kept where they do not end', async () => {
    const place = await loginPlace({ patienceMs: 200 });
    const { identity, seeds, logins, begin, end, reopen } = place;
    const account = identity.addAccount();
    const first = await begin({ id: 'work' });
    identity.devices.decide(first.userCode ?? '', account);
    await end(first);
    const lease = await seeds.lease({ of: { seed: 'work' }, holder: 'run-7' });
    const again = await begin({ id: 'work', again: true });
    identity.devices.decide(again.userCode ?? '', account);
    const failed = await end(again);
    expect(failed.error).toMatchObject({
      code: 'seed-unavailable',
      message: expect.stringContaining('run-7'),
      remedy: expect.stringContaining(
        `--from ${join(place.directory, 'seeds', 'logins', again.id, 'codex', 'auth.json')} --again`,
      ),
    });
    expect(place.left()).toEqual([again.id]);
    expect(leaksIn(place.directory, identity), 'the search finds what is there').not.toEqual([]);
    const next = await reopen({ patienceMs: 60_000 });
    expect(next.list()).toMatchObject([{ id: again.id, seed: 'work', state: 'saving' }]);
    await lease.release();
    expect(await next.find(again.id, { seen: 'saving' })).toMatchObject({ state: 'done' });
    expect((await seeds.find('work')).version).toBe(2);
    await logins.close();
    expectNothingLeft(place);
  });

  it('cannot be under way twice, nor without end', async () => {
    const { logins, begin } = await loginPlace();
    await begin({ id: 'seed-0' });
    expect(await failureOf(logins.start({ id: 'seed-0', pool: 'team' }))).toMatchObject({ code: 'invalid-input' });
    for (let nth = 1; nth < 8; nth++) await logins.start({ id: `seed-${nth}` });
    expect(await failureOf(logins.start({ id: 'seed-8' }))).toMatchObject({ code: 'login-failed' });
    await logins.cancel((await logins.start({ id: 'seed-7' })).id);
    expect((await begin({ id: 'seed-8' })).state).toBe('waiting');
  });
});
