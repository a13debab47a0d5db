import { describe, expect, it } from 'vitest';
import { silence } from '../../fakes/identity/faults.ts';
import { Fire } from '../../support/fire.ts';
import { freeze, until } from '../../support/processes.ts';

/** The provider has used a refresh token up, and whoever was to hear of it dies, or hears nothing. */
describe('an answer of the provider', { timeout: 300_000 }, () => {
  it('for a codex that has a login in its home and is killed comes to us, who have asked for it, and nothing is lost', async () => {
    const fire = await Fire.start(1);
    const { promise, resolve } = Promise.withResolvers<void>();
    const { met } = fire.identity.faults.next('refresh', { kind: 'hold', when: 'after', until: promise });
    fire.launch('run', { mode: 'file', isGated: true, attempts: 4 });
    await met;
    const planted = fire.planted('run');
    expect(planted).toMatch(/^optio-gate-[\w-]{43}$/);
    await freeze(await fire.codex('run'));
    resolve();
    await until(() => fire.saved.length > 0, 'the newer login to be saved');
    await fire.killCodex('run');
    fire.open('run');
    expect(await fire.outcome('run')).toMatchObject({ status: 'done' });
    await fire.expectSafe();
  });

  it('that nobody hears leaves the access token that there is, then the token is sent once more, and the run says that it is over', async () => {
    const fire = await Fire.start(1, 3_600);
    const { met } = fire.identity.faults.next('refresh', { kind: 'cut', when: 'after' });
    fire.renewAll();
    await met;
    fire.launch('first', { mode: 'broker' });
    expect(await fire.outcome('first')).toMatchObject({ status: 'done' });
    fire.renewAll();
    fire.launch('second', { mode: 'broker' });
    expect(await fire.outcome('second')).toMatchObject({ status: 'done' });
    const { ledger } = fire.identity;
    expect(ledger.usedAgain(), 'while there is another way').toEqual([]);
    fire.refuse(() => true);
    expect(await fire.look((optio) => optio.verifySeed('seed-1'))).toMatchObject({ verdict: 'dead' });
    fire.launch('third', { mode: 'broker' });
    expect(await fire.outcome('third')).toMatchObject({
      status: 'failed',
      error: { code: 'seed-unavailable', message: expect.stringContaining('refresh_token_reused') },
    });
    const held = await fire.held();
    expect(ledger.usedAgain(), 'once, when there was nothing else').toHaveLength(1);
    expect(ledger.lost((token) => held.includes(token))).toHaveLength(1);
    expect(await fire.look((optio) => optio.listSeeds())).toMatchObject([{ state: 'dead' }]);
  });
});

describe('a provider that never answers', { timeout: 300_000 }, () => {
  it('makes no run wait for ever, whoever has asked it, and loses nothing that it did not do', async () => {
    const [ours, codex] = await Promise.all([Fire.start(1), Fire.start(1)]);
    ours.identity.faults.next('refresh', silence('before'));
    codex.identity.faults.next('refresh', silence('before'));
    ours.launch('run', { mode: 'broker', attempts: 10 }); // a provider that has failed is left alone for a while
    codex.launch('run', { mode: 'file' });
    expect(await codex.outcome('run', 120_000)).toMatchObject({ status: 'done' });
    expect(await ours.outcome('run', 120_000)).toMatchObject({ status: 'done' });
    await codex.expectSafe();
    await ours.expectSafe();
  });
});
