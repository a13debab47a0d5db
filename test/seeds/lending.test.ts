import { describe, expect, it } from 'vitest';
import { SeedUnavailableError } from '../../src/errors.ts';
import type { SeedLoan } from '../../src/seeds/broker.ts';
import { asFile, asTokens, brokerPlace, isSettled } from '../support/broker.ts';
import { failureOf } from '../support/failure.ts';

describe('out of a pool', () => {
  it('the one is lent that is healthy, that the fewest runs have, and that was lent longest ago', async () => {
    const { add, lend, seeds } = await brokerPlace();
    await add('team', 'a', 'b', 'c');
    await seeds.note('c', 1, { state: 'healthy' });
    const lent = async (run: string) => lend(run, 'pool:team');
    const first = await lent('run-1');
    expect(first.seedId).toBe('c');
    for (const id of ['a', 'b']) await seeds.note(id, 1, { state: 'healthy' });
    const others = [await lent('run-2'), await lent('run-3'), await lent('run-4')];
    expect(others.map(({ seedId }) => seedId)).toEqual(['a', 'b', 'c']);
    await others[0]?.release();
    expect((await lent('run-5')).seedId).toBe('a');
    expect((await seeds.find('c')).runs).toEqual(['run-1', 'run-4']);
  });

  it('one is waited for until its usage window opens, or refused until then', async () => {
    const { add, lend, provider, clock } = await brokerPlace();
    await add('team', 'a');
    const loan = await lend('run-1', 'pool:team');
    provider.usage = { percent: 100, resetsAt: (clock.now() + 600_000) / 1000 };
    await loan.noteLimit();
    await loan.release();
    const waiting = lend('run-2', 'pool:team');
    const error = (await failureOf(lend('run-3', 'pool:team', { whenNone: 'refuse' }))) as SeedUnavailableError;
    expect(error).toBeInstanceOf(SeedUnavailableError);
    expect(Date.parse(error.retryAt ?? '')).toBe(clock.now() + 600_000);
    await clock.pass(590_000);
    expect(await isSettled(waiting)).toBe(false);
    await clock.pass(11_000);
    expect((await waiting).seedId).toBe('a');
  });

  it('one that a codex could not renew is lent when there is no other, whatever is wished for first', async () => {
    const { add, lend, seeds } = await brokerPlace();
    await add('team', 'a', 'b');
    const loan = asFile(await lend('run-1', 'a', { mode: 'file' }));
    await loan.noteRefused(false);
    await loan.release();
    const other = await lend('run-1', 'a pool:team', { mode: 'file' });
    expect(other.seedId).toBe('b');
    expect((await lend('run-2', 'a pool:team', { mode: 'file' })).seedId).toBe('a');
    await seeds.note('a', 1, { state: 'healthy', reason: null });
    await other.release();
    expect((await lend('run-3', 'pool:team', { mode: 'file' })).seedId).toBe('b');
  });

  it('the next choice is taken where there is none, and nothing is waited for that never comes', async () => {
    const { add, lend, seeds } = await brokerPlace();
    await add('team', 'a');
    await add(undefined, 'spare');
    await seeds.note('a', 1, { state: 'dead', reason: 'refused' });
    expect((await lend('run-1', 'pool:team spare')).seedId).toBe('spare');
    expect((await failureOf(lend('run-2', 'pool:team'))).code).toBe('seed-unavailable');
    expect((await failureOf(lend('run-3', 'nobody'))).code).toBe('not-found');
  });
});

describe('a login in a file', () => {
  it('is lent to one, while nobody shares it, in the order in which they came', async () => {
    const { add, lend } = await brokerPlace();
    await add(undefined, 'work');
    const shared = await lend('run-1', 'work');
    const file = lend('run-2', 'work', { mode: 'file' });
    expect(await isSettled(file)).toBe(false);
    await shared.release();
    const second = asFile(await file);
    const others = [lend('run-3', 'work'), lend('run-4', 'work', { mode: 'file' })];
    expect(await isSettled(Promise.race(others))).toBe(false);
    await second.release();
    const third = asTokens(await (others[0] as Promise<SeedLoan>));
    expect(await isSettled(others[1] as Promise<SeedLoan>)).toBe(false);
    await third.release();
    asFile(await (others[1] as Promise<SeedLoan>));
  });

  it('is not shared by those who come while somebody waits for it, unless their codex has it already', async () => {
    const { add, lend } = await brokerPlace();
    await add('team', 'work');
    const shared = await lend('run-1', 'work');
    const file = lend('run-2', 'pool:team', { mode: 'file' });
    expect(await isSettled(file)).toBe(false);
    const later = [lend('run-3', 'work'), lend('run-4', 'pool:team')];
    expect(await isSettled(Promise.race(later))).toBe(false);
    const refused = await failureOf(lend('run-5', 'work', { whenNone: 'refuse' }));
    expect(refused.message).toContain('kept for the run run-2');
    const resumed = await lend('run-6', 'work', { resumes: 'work' });
    await shared.release();
    expect(await isSettled(Promise.race([file, ...later]))).toBe(false);
    await resumed.release();
    const alone = asFile(await file);
    expect(await isSettled(Promise.race(later))).toBe(false);
    await alone.release();
    for (const loan of await Promise.all(later)) asTokens(loan);
  });

  it('is shared by the children of whoever shares it, also while somebody waits for it: he waits for them too', async () => {
    const { add, lend } = await brokerPlace();
    await add(undefined, 'work');
    const parent = await lend('parent', 'work');
    const file = lend('run-2', 'work', { mode: 'file' });
    expect(await isSettled(file)).toBe(false);
    const signal = new AbortController().signal;
    const child = lend('child', 'work', {}, signal, ['between', 'parent']);
    const stranger = lend('run-3', 'work', {}, signal, ['somebody']);
    expect(await isSettled(child)).toBe(true);
    expect(await isSettled(Promise.race([file, stranger]))).toBe(false);
    await (await child).release();
    await parent.release();
    await asFile(await file).release();
    await (await stranger).release();
  });

  it('is shared on while whoever waits for it may get another one, and when he has gone', async () => {
    const { add, lend } = await brokerPlace();
    await add('team', 'a', 'b');
    const [a, b] = [await lend('run-1', 'a'), await lend('run-2', 'b')];
    const leaving = new AbortController();
    const file = lend('run-3', 'pool:team', { mode: 'file' });
    const other = lend('run-4', 'a', { mode: 'file' }, leaving.signal);
    const gone = expect(other).rejects.toThrow('cancelled');
    expect((await lend('run-5', 'b')).seedId).toBe('b');
    const waiting = lend('run-6', 'a');
    expect(await isSettled(waiting)).toBe(false);
    leaving.abort(new Error('cancelled'));
    await gone;
    await b.release();
    expect((await waiting).seedId).toBe('a');
    expect(await isSettled(file)).toBe(false);
    await a.release();
  });

  it('is saved as long as nobody else has it, and stays as it is where nothing is new', async () => {
    const { add, lend, provider, seeds } = await brokerPlace();
    await add(undefined, 'work');
    const loan = asFile(await lend('run-1', 'work', { mode: 'file' }));
    expect(await loan.save(loan.auth)).toEqual({ isNew: false, version: 1 });
    const newer = [provider.login('acct-work'), provider.login('acct-work')];
    expect(await Promise.all(newer.map((auth) => loan.save(auth)))).toEqual([
      { isNew: true, version: 2 },
      { isNew: true, version: 3 },
    ]);
    expect(loan.version).toBe(3);
    expect((await failureOf(loan.save(provider.login('acct-other')))).code).toBe('invalid-input');
    await loan.release();
    const next = asFile(await lend('run-2', 'work', { mode: 'file' }));
    expect(next.auth).toBe(newer[1]);
    expect((await failureOf(loan.save(provider.login('acct-work')))).code).toBe('lease-lost');
    expect((await seeds.find('work')).version).toBe(3);
  });

  it('goes on with the run that has it in a process that is gone', async () => {
    const { add, lend, seeds } = await brokerPlace();
    await add('team', 'a', 'b');
    await seeds.take({ of: { seed: 'a' }, holder: 'run-1' }); // its process has died
    const refused = await failureOf(lend('run-2', 'a', { mode: 'file', whenNone: 'refuse' }));
    expect(refused.message).toContain('leased by run-1');
    const resumed = asFile(await lend('run-1', 'pool:team', { mode: 'file', resumes: 'a', whenNone: 'refuse' }));
    expect(resumed.seedId).toBe('a');
    expect((await failureOf(lend('run-3', 'b', { resumes: 'gone' }))).code).toBe('not-found');
  });

  it('is lent at once where a process before us has shared it', async () => {
    const { add, lend, seeds } = await brokerPlace();
    await add(undefined, 'work');
    await seeds.take({ of: { seed: 'work' }, holder: 'engine' });
    asFile(await lend('run-1', 'work', { mode: 'file', whenNone: 'refuse' }));
  });
});

describe('whoever waits', () => {
  it('is let go by a signal, and when everything ends', async () => {
    const { add, lend, broker, seeds } = await brokerPlace();
    await add(undefined, 'work');
    const program = await seeds.lease({ of: { seed: 'work' }, holder: 'a program' });
    const leaving = new AbortController();
    const [first, second] = [lend('run-1', 'work', {}, leaving.signal), lend('run-2', 'work')];
    const over = [first, second].map((lent) => expect(lent).rejects.toThrow());
    leaving.abort(new Error('the run is cancelled'));
    await expect(first).rejects.toThrow('the run is cancelled');
    expect(await isSettled(second)).toBe(false);
    await broker.close();
    await Promise.all(over);
    await expect(second).rejects.toMatchObject({ code: 'aborted' });
    await program.release();
    expect((await seeds.find('work')).runs).toEqual([]);
  });
});
