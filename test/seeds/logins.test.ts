import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { NewSeedLogin } from '../../src/contract/seed-login.ts';
import { LocalHost } from '../../src/hosts/local.ts';
import { LoginHome } from '../../src/seeds/login-home.ts';
import { notLoggedIn, toSafeLine } from '../../src/seeds/login-words.ts';
import { SeedLogins } from '../../src/seeds/logins.ts';
import { chatgptAuth, secretsOf } from '../support/auth.ts';
import { failureOf } from '../support/failure.ts';
import { leftOf, untilOver } from '../support/seed-logins.ts';
import { SteppedClock, seedPlace } from '../support/seeds.ts';

const [EARLY, LATE, LATER] = ['2026-11-22T10:00:00Z', '2026-11-23T10:00:00Z', '2026-11-24T10:00:00Z'] as const;

interface Left {
  readonly login: NewSeedLogin;
  /** What codex has written so far. */
  readonly auth?: string;
  readonly isGivenUp?: boolean;
  /** What was kept of the configuration that was given with it. */
  readonly config?: string;
}

/** Seeds, and the homes of logins that a process has left which has died. */
async function place() {
  const { directory, seeds } = await seedPlace();
  const host = new LocalHost({ home: directory });
  const parent = join(directory, 'seeds', 'logins');
  const leave = async ({ login, auth, config, isGivenUp = false }: Left) => {
    const home = LoginHome.plan(host, parent);
    await home.make({ login, startedAt: new Date().toISOString(), isGivenUp, ...(config !== undefined && { config }) });
    if (auth !== undefined) writeFileSync(home.authFile, auth);
    return home;
  };
  const open = async (clock = new SteppedClock()) => {
    const logins = new SeedLogins({ host, seeds, dataDir: directory, env: {}, clock, patienceMs: 0 });
    onTestFinished(() => logins.close());
    await logins.takeUp();
    const ended = await Promise.all(
      logins.list().map((login) => untilOver((id, seen) => logins.find(id, { seen }), login)),
    );
    return { logins, ended };
  };
  return { directory, parent, seeds, leave, open };
}

describe('a login that a dead process has left', () => {
  it('is saved, and told of for an hour', async () => {
    const { seeds, leave, open, directory } = await place();
    const clock = new SteppedClock();
    const home = await leave({ login: { id: 'work', pool: 'team' }, auth: chatgptAuth() });
    const { logins, ended } = await open(clock);
    expect(ended).toMatchObject([
      { id: home.id, seed: 'work', pool: 'team', state: 'done', error: null, keptIn: null },
    ]);
    expect(await seeds.list()).toMatchObject([{ id: 'work', pool: 'team', version: 1 }]);
    expect(leftOf(directory)).toEqual([]);
    await clock.pass(3_599_000);
    expect(logins.list()).toHaveLength(1);
    await clock.pass(2_000);
    expect(logins.list()).toEqual([]);
    expect(await failureOf(logins.find(home.id))).toMatchObject({ code: 'not-found' });
  });

  it('is saved with the configuration that was given with it, or leaves the seed the one that it has', async () => {
    const { seeds, leave, open } = await place();
    const config = async () => {
      await using lease = await seeds.lease({ of: { seed: 'work' }, holder: 'test', inAnyState: true });
      return (await seeds.read(lease)).files['config.toml']?.trim();
    };
    await leave({ login: { id: 'work' }, auth: chatgptAuth({ lastRefresh: EARLY }), config: 'model = "a"' });
    await open();
    expect(await config()).toBe('model = "a"');
    await leave({ login: { id: 'work', again: true }, auth: chatgptAuth({ lastRefresh: LATE }) });
    await open();
    expect(await config()).toBe('model = "a"');
    await leave({
      login: { id: 'work', again: true },
      auth: chatgptAuth({ lastRefresh: LATER }),
      config: 'model = "b"',
    });
    await open();
    expect([await config(), (await seeds.find('work')).version]).toEqual(['model = "b"', 3]);
  });

  it.each<[string, Omit<Left, 'login'>]>([
    ['nobody has logged in', {}],
    ['it is half-written', { auth: chatgptAuth().slice(0, 300) }],
    ['it is a key', { auth: '{"auth_mode":"apikey","OPENAI_API_KEY":"sk-1234567890"}' }],
    ['it was given up', { auth: chatgptAuth(), isGivenUp: true }],
  ])('leaves nothing where %s', async (_, left) => {
    const { seeds, leave, open, directory } = await place();
    await leave({ login: { id: 'work' }, ...left });
    expect((await open()).ended).toEqual([]);
    expect({ seeds: await seeds.list(), left: leftOf(directory) }).toEqual({ seeds: [], left: [] });
  });

  it('is saved once, also where its seed was renewed since', async () => {
    const { seeds, leave, open, directory } = await place();
    const auth = chatgptAuth({ lastRefresh: EARLY });
    await seeds.add({ id: 'work', auth });
    await leave({ login: { id: 'work' }, auth });
    await open();
    await seeds.add({ id: 'work', auth: chatgptAuth({ lastRefresh: LATE }), again: true });
    await leave({ login: { id: 'work' }, auth });
    // Older than what the seed holds, and in no version that is kept.
    await leave({ login: { id: 'work', again: true }, auth: chatgptAuth({ lastRefresh: EARLY }) });
    expect((await open()).ended.map(({ state }) => state)).toEqual(['done', 'done']);
    expect(await seeds.find('work')).toMatchObject({ version: 2, refreshedAt: new Date(LATE).toISOString() });
    expect(leftOf(directory)).toEqual([]);
  });

  it('is a new login of a seed that is there, or of somebody else, and then it is gone', async () => {
    const { seeds, leave, open, directory } = await place();
    await seeds.add({ id: 'work', auth: chatgptAuth({ lastRefresh: EARLY }) });
    await leave({ login: { id: 'work', again: true }, auth: chatgptAuth({ lastRefresh: LATE }) });
    expect((await open()).ended).toMatchObject([{ state: 'done' }]);
    expect(await seeds.find('work')).toMatchObject({ version: 2, state: 'unknown' });
    await leave({ login: { id: 'work', again: true }, auth: chatgptAuth({ account: 'acct-2', user: 'user-2' }) });
    expect((await open()).ended).toMatchObject([{ state: 'failed', error: { code: 'login-failed' }, keptIn: null }]);
    expect((await seeds.find('work')).version).toBe(2);
    expect(leftOf(directory)).toEqual([]);
  });

  it('is kept where it cannot be saved, until it is saved by hand, or discarded', async () => {
    const { seeds, leave, open, directory } = await place();
    await seeds.add({ id: 'work', apiKey: 'sk-1234567890' });
    const [one, two] = [chatgptAuth(), chatgptAuth()];
    const [first, second] = [
      await leave({ login: { id: 'work' }, auth: one }),
      await leave({ login: { id: 'work' }, auth: two }),
    ];
    const { logins, ended } = await open();
    for (const { state, error } of ended) {
      expect({ state, code: error?.code }).toEqual({ state: 'failed', code: 'invalid-input' });
      for (const secret of [...secretsOf(one), ...secretsOf(two)]) expect(JSON.stringify(error)).not.toContain(secret);
    }
    const remedies = ended.map(({ error }) => error?.remedy ?? '');
    for (const home of [first, second]) expect(remedies.some((remedy) => remedy.includes(home.authFile))).toBe(true);
    expect(ended.map(({ keptIn }) => keptIn).sort()).toEqual([first.authFile, second.authFile].sort());
    await seeds.add({ id: 'other', auth: one });
    await logins.tidy();
    expect(leftOf(directory)).toEqual([second.id]);
    expect((await logins.find(first.id)).keptIn).toBeNull();
    expect(await logins.cancel(second.id)).toMatchObject({ state: 'failed', keptIn: null });
    expect(leftOf(directory)).toEqual([]);
    expect(await seeds.list()).toHaveLength(2);
  });

  it.each<[string, string | undefined]>([
    ['half of it', '{"login":{"id":"work"},"star'],
    ['nothing', ''],
    ['something else', '{"login":{}}'],
    ['no file at all', undefined],
  ])('is kept where of what it is for there is %s, and where is told', async (_, order) => {
    const { seeds, leave, open, directory } = await place();
    const auth = chatgptAuth();
    const home = await leave({ login: { id: 'work' }, auth });
    const file = join(dirname(home.codexHome), 'login.json');
    if (order === undefined) rmSync(file);
    else writeFileSync(file, order);
    const { ended } = await open();
    const remedy = expect.stringContaining(`seed add NAME --from ${home.authFile}`);
    const kept = { seed: home.id, state: 'failed', error: { code: 'login-failed', remedy }, keptIn: home.authFile };
    expect(ended).toMatchObject([kept]);
    expect({ seeds: await seeds.list(), left: leftOf(directory) }).toEqual({ seeds: [], left: [home.id] });
    const next = await open(); // nor does the next process lose it
    expect(next.ended).toMatchObject([kept]);
    await seeds.add({ id: 'work', auth: readFileSync(home.authFile, 'utf8') });
    await next.logins.tidy();
    expect(leftOf(directory)).toEqual([]);
  });

  it('is saved where a newer version has written down more of it', async () => {
    const { seeds, leave, open, directory } = await place();
    const home = await leave({ login: { id: 'work', pool: 'team' }, auth: chatgptAuth() });
    const login = { id: 'work', pool: 'team', method: 'by post', stamps: 2 };
    const order = { login, startedAt: new Date().toISOString(), isGivenUp: false, sentTo: 'Ada' };
    writeFileSync(join(dirname(home.codexHome), 'login.json'), JSON.stringify(order));
    expect((await open()).ended).toMatchObject([{ state: 'done' }]);
    expect(await seeds.list()).toMatchObject([{ id: 'work', pool: 'team' }]);
    expect(leftOf(directory)).toEqual([]);
  });

  it('is looked for among what we have made only', async () => {
    const { parent, open } = await place();
    mkdirSync(join(parent, 'of-somebody'), { recursive: true });
    await open();
    expect(readdirSync(parent)).toEqual(['of-somebody']);
  });
});

describe('what is told of a login', () => {
  it('is that it does not begin, where what is to go with it is no TOML', async () => {
    const { logins } = await (await place()).open();
    const refused = await failureOf(logins.start({ id: 'work', config: 'model =' }));
    expect(refused).toMatchObject({ code: 'invalid-input', details: { field: 'config' } });
    expect(logins.list()).toEqual([]);
  });

  it('holds nothing that lets anybody in, whatever the provider quotes', () => {
    const auth = chatgptAuth();
    for (const secret of secretsOf(auth)) {
      const told = toSafeLine(`no: {"token":"${secret}"}\n(${encodeURIComponent(secret)})`);
      for (const part of secret.split('.').filter((part) => part.length > 24)) expect(told).not.toContain(part);
      expect(told).toMatch(/^no: /);
    }
    expect(toSafeLine('x y '.repeat(200)).length).toBeLessThanOrEqual(300);
    const said = 'failed to request device code: error sending request for url (https://auth.openai.com/api/accounts)';
    expect(toSafeLine(said)).toBe(said);
  });

  it('says of a browser whose login was broken off that another codex may have done that', () => {
    const said = 'Login server error: Login was not completed';
    expect(notLoggedIn(said, 'browser').remedy).toContain('Another codex');
    expect(notLoggedIn(said, 'deviceCode').remedy).not.toContain('Another codex');
  });
});
