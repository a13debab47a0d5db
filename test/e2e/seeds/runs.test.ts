import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { SavedLogin } from '../../../src/session/config.ts';
import { createCodexTask } from '../../../src/session/task.ts';
import { isCodex } from '../../fakes/identity/faults.ts';
import { token } from '../../support/auth.ts';
import { toAuthFile } from '../../support/identity-place.ts';
import { specIn, watchRun } from '../../support/run.ts';
import { filesWithSecrets } from '../../support/search.ts';
import { makeSeededPlace } from '../../support/seed-run.ts';

const HELLO = '!say hello';

describe('a run with a saved login', () => {
  it('gets short-lived tokens of it, and nothing with which to renew them; nothing of it is left', async () => {
    const place = await makeSeededPlace();
    const login = await place.addLogin('work');
    const { outcome, of, handle } = await watchRun(place, { instructions: HELLO, seedId: 'work' });
    expect(outcome).toMatchObject({ status: 'done', text: 'hello' });
    const [started] = of('session.started');
    expect(started?.login).toBe(`ChatGPT login of ${login.account.email}, seed work`);
    expect(started?.loginReport).toEqual({ seed: 'work', kept: 'tokens', gaps: [] });
    const [asked] = place.identity.at('responses');
    expect(asked).toMatchObject({ authorization: `Bearer ${login.accessToken}`, accountId: login.account.id });
    expect(place.identity.at('refresh')).toEqual([]);
    expect(await place.holdsNewest('work', login)).toBe(true);
    expect(await place.optio.listSeeds()).toMatchObject([{ id: 'work', mode: 'broker', runs: [] }]);
    expect(existsSync(join(place.dataDir, 'runs', handle.id))).toBe(false);
    expect(filesWithSecrets(place.identity.ledger.secrets, place.dataDir, place.home, place.workspace)).toEqual([]);
  });

  it('is listed as using it while it does', async () => {
    const place = await makeSeededPlace();
    await place.addLogin('work');
    const { handle } = await watchRun(
      place,
      { instructions: HELLO, seedId: 'work', endRule: 'told' },
      async (event, run) => {
        if (event.type !== 'turn.ended') return;
        expect(await place.optio.listSeeds()).toMatchObject([{ id: 'work', runs: [run.id] }]);
        await run.finish();
      },
    );
    expect(handle.id).toBeTruthy();
  });

  it('gets a newer token when the provider refuses the one it has, and the seed is saved anew', async () => {
    const place = await makeSeededPlace();
    const login = await place.addLogin('work');
    place.identity.lineages.refuseAccess(login.accessToken);
    const { outcome } = await watchRun(place, { instructions: HELLO, seedId: 'work' });
    expect(outcome.status).toBe('done');
    expect(place.identity.ledger.refreshesOf(login.lineage)).toBe(1);
    expect(place.identity.ledger.usedAgain()).toEqual([]);
    expect(await place.holdsNewest('work', login)).toBe(true);
    expect(await place.optio.listSeeds()).toMatchObject([{ version: 2 }]);
  });

  it('gets one before it begins where the one that was saved has ended', async () => {
    const place = await makeSeededPlace();
    const login = await place.addLogin('work', { seconds: -10 });
    const { outcome } = await watchRun(place, { instructions: HELLO, seedId: 'work' });
    expect(outcome.status).toBe('done');
    expect(place.identity.at('responses').map(({ status }) => status)).toEqual([200]);
    expect(await place.holdsNewest('work', login)).toBe(true);
  });

  it('tells its program of each newer version that its codex has made', async () => {
    const place = await makeSeededPlace();
    const login = await place.addLogin('work');
    place.identity.lineages.refuseAccess(login.accessToken);
    const told: SavedLogin[] = [];
    const wish = { seedId: 'work', seedMode: 'file', autoStart: true, endRule: 'firstTurn' } as const;
    const spec = specIn(place, { instructions: HELLO, ...wish });
    const onSeedSaved = (saved: SavedLogin) => told.push(saved);
    await place.optio.define(createCodexTask({ id: 'telling', name: 'Telling', config: { ...spec, onSeedSaved } }));
    const run = await place.optio.launch('telling');
    expect(await run.outcome).toMatchObject({ status: 'done' });
    expect(told).toEqual([{ runId: run.id, seedId: 'work', version: 2 }]);
    expect(await place.optio.listSeeds()).toMatchObject([{ version: 2 }]);
  });

  it('is given a key by its connection, and by nothing else', async () => {
    const place = await makeSeededPlace();
    const apiKey = place.identity.makeApiKey();
    await place.optio.addSeed({ id: 'key', apiKey });
    const { outcome, of } = await watchRun(place, { instructions: HELLO, seedId: 'key' });
    expect(outcome.status).toBe('done');
    expect(of('session.started')[0]?.loginReport).toEqual({ seed: 'key', kept: 'memory', gaps: [] });
    expect(place.identity.at('responses')[0]).toMatchObject({ authorization: `Bearer ${apiKey}`, status: 200 });
    expect(filesWithSecrets([apiKey], place.dataDir, place.home, place.workspace)).toEqual([]);
  });

  it('is refused where the provider has refused the login for good, and says what to do', async () => {
    const place = await makeSeededPlace();
    const login = await place.addLogin('work', { seconds: -10 });
    place.identity.lineages.expire(login.lineage);
    const { outcome } = await watchRun(place, { instructions: HELLO, seedId: 'work' });
    expect(outcome).toMatchObject({
      status: 'failed',
      error: { code: 'login-expired', remedy: expect.stringContaining('seed add work --again') },
    });
    expect(await place.optio.listSeeds()).toMatchObject([{ state: 'dead' }]);
    const again = await watchRun(place, { instructions: HELLO, seedId: 'work' });
    expect(again.outcome.error?.code).toBe('login-expired');
    expect(place.identity.at('refresh'), 'a dead one is not asked about again').toHaveLength(1);
  });

  it('is refused for a seed that is not there', async () => {
    const place = await makeSeededPlace();
    const { outcome } = await watchRun(place, { instructions: HELLO, seedId: 'nobody' });
    expect(outcome).toMatchObject({ status: 'failed', error: { code: 'not-found' } });
  });
});

describe('a run that has the login in the home of its codex', () => {
  it('has it in its home without its refresh token, which we use for it as soon as it asks, and nothing of it is left', async () => {
    const place = await makeSeededPlace();
    const login = await place.addLogin('work');
    place.identity.lineages.refuseAccess(login.accessToken);
    const homes: string[] = [];
    const spec = { instructions: HELLO, seedId: 'work', seedMode: 'file', endRule: 'told' } as const;
    const { outcome, of } = await watchRun(place, spec, async (event, run) => {
      if (event.type !== 'turn.ended') return;
      const auth = readFileSync(join(place.dataDir, 'runs', run.id, 'codex', 'auth.json'), 'utf8');
      homes.push(JSON.parse(auth).tokens.refresh_token);
      await run.finish();
    });
    expect(outcome.status).toBe('done');
    expect(of('session.started')[0]?.loginReport).toEqual({ seed: 'work', kept: 'file', gaps: [] });
    expect(place.identity.ledger.refreshesOf(login.lineage)).toBe(1);
    expect(homes).toEqual([expect.stringMatching(/^optio-gate-/)]);
    expect(place.identity.at('refresh').filter(({ userAgent }) => isCodex(userAgent))).toEqual([]);
    expect(await place.optio.listSeeds()).toMatchObject([{ state: 'healthy', version: 2 }]);
    expect(await place.holdsNewest('work', login)).toBe(true);
    expect(place.identity.ledger.usedAgain()).toEqual([]);
    expect(filesWithSecrets(place.identity.ledger.secrets, place.dataDir, place.home, place.workspace)).toEqual([]);
  });

  it.each([
    ['no network', {}],
    ['the whole network', { networkAccess: true }],
    ['a list of hosts', { networkAccess: ['example.org'] }],
  ])('says nothing of the gate to its commands, with %s', async (_, network) => {
    const place = await makeSeededPlace();
    await place.addLogin('work');
    const spec = { instructions: '!run env\n!say done', seedId: 'work', seedMode: 'file', ...network } as const;
    const { outcome, outputs } = await watchRun(place, spec);
    expect(outcome.status).toBe('done');
    expect(outputs.join()).toMatch(/^PATH=/m);
    expect(outputs.join()).not.toMatch(/TOKEN_URL|oauth/);
  });

  it('keeps it where what the provider gives says more of the person than what was saved', async () => {
    const place = await makeSeededPlace();
    const login = place.identity.login();
    const auth = JSON.parse(toAuthFile(login));
    auth.tokens.id_token = token({ sub: 'auth0|77' });
    auth.tokens.access_token = token({ exp: Math.floor(Date.now() / 1000) + 3_600, sub: 'auth0|77' }); // it is refused
    await place.optio.addSeed({ id: 'work', auth: JSON.stringify(auth) });
    const { outcome } = await watchRun(place, { instructions: HELLO, seedId: 'work', seedMode: 'file' });
    expect(outcome.status).toBe('done');
    expect(place.identity.ledger.refreshesOf(login.lineage)).toBe(1);
    expect(await place.holdsNewest('work', login)).toBe(true);
    expect(await place.optio.listSeeds()).toMatchObject([{ state: 'healthy', version: 2 }]);
  });

  it('fails where codex would have to renew one that does not say whose it is', async () => {
    const place = await makeSeededPlace();
    const auth = JSON.parse(toAuthFile(place.identity.login()));
    delete auth.tokens.account_id;
    auth.tokens.id_token = token({ sub: 'auth0|77' });
    auth.tokens.access_token = token({ exp: Math.floor(Date.now() / 1000) + 3_600 }); // it is refused
    await place.optio.addSeed({ id: 'work', auth: JSON.stringify(auth) });
    const { outcome } = await watchRun(place, { instructions: HELLO, seedId: 'work' });
    const message = expect.stringContaining('logged out or signed in to another account');
    expect(outcome).toMatchObject({ status: 'failed', error: { message } });
    expect(place.identity.at('refresh')).toEqual([]);
  });

  it('has it alone: another one waits, or is refused with the reason', async () => {
    const place = await makeSeededPlace();
    await place.addLogin('work');
    const alone = { instructions: HELLO, seedId: 'work', seedMode: 'file', endRule: 'told' } as const;
    const refusals: unknown[] = [];
    let waiting: Promise<unknown> = Promise.resolve();
    await watchRun(place, alone, async (event, run) => {
      if (event.type !== 'turn.ended') return;
      const workspace = { directory: place.workspace, shared: true };
      const more = { ...alone, endRule: 'firstTurn', workspace, seedMode: 'broker' } as const;
      const refused = await watchRun(place, { ...more, whenNoSeed: 'refuse', workspace: { fresh: true } });
      refusals.push(refused.outcome.error);
      waiting = watchRun(place, { ...more, workspace: { fresh: true } });
      await run.finish();
    });
    expect(refusals).toMatchObject([{ code: 'seed-unavailable', message: expect.stringContaining('run') }]);
    expect(await waiting).toMatchObject({ outcome: { status: 'done' } });
  });
});
