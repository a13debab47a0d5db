import { describe, expect, it } from 'vitest';
import { chatgptAuth, token } from '../support/auth.ts';
import { failureOf } from '../support/failure.ts';
import { seedPlace } from '../support/seeds.ts';

describe('a seed that is there', () => {
  it('gets another configuration with a new login, with the same one, and with a key, and keeps what it has without', async () => {
    const { seeds } = await seedPlace();
    await seeds.add({ id: 'work', auth: chatgptAuth() });
    const now = async (id = 'work') => {
      await using held = await seeds.lease({ of: { seed: id }, holder: 'look', inAnyState: true });
      const { version, files } = await seeds.read(held);
      return [version, files['config.toml']?.trim()];
    };
    const auth = chatgptAuth();
    await seeds.add({ id: 'work', auth, config: 'model = "a"\nnotify = ["sh"]', again: true });
    expect(await now()).toEqual([2, 'model = "a"']);
    await seeds.note('work', 2, { state: 'healthy', reason: null });
    await seeds.add({ id: 'work', auth, config: 'model = "b"', again: true });
    expect(await now()).toEqual([3, 'model = "b"']);
    expect(await seeds.find('work')).toMatchObject({ state: 'healthy', reason: null });
    await seeds.add({ id: 'work', auth, config: 'model = "b"', again: true });
    await seeds.add({ id: 'work', auth, again: true });
    expect(await now()).toEqual([3, 'model = "b"']);
    const next = chatgptAuth();
    await seeds.add({ id: 'work', auth: next, again: true });
    expect(await now()).toEqual([4, 'model = "b"']);
    await seeds.add({ id: 'work', auth: next, config: 'notify = ["sh"]', again: true });
    expect(await now()).toEqual([5, undefined]);
    await seeds.add({ id: 'key', apiKey: 'sk-1234567890', config: 'model = "a"' });
    await seeds.add({ id: 'key', apiKey: 'sk-1234567890', config: 'model = "b"', again: true });
    expect(await now('key')).toEqual([2, 'model = "b"']);
  });

  it('is not the same with another configuration: that is refused, and not left out without a word', async () => {
    const { seeds } = await seedPlace();
    const seed = { id: 'work', auth: chatgptAuth(), config: 'model = "a"' };
    const added = await seeds.add(seed);
    expect(await seeds.add(seed)).toEqual(added);
    expect(await seeds.add({ id: seed.id, auth: seed.auth })).toEqual(added);
    const error = await failureOf(seeds.add({ ...seed, config: 'model = "b"' }));
    expect(error).toMatchObject({ code: 'invalid-input', remedy: expect.stringContaining('again') });
  });

  it('takes a new login that says more or less of the same person, and none of somebody else', async () => {
    const { seeds } = await seedPlace();
    const stored = JSON.parse(chatgptAuth());
    stored.tokens.id_token = token({ sub: 'user-1' }); // as little as a provider may say
    stored.tokens.access_token = token({});
    await seeds.add({ id: 'work', auth: JSON.stringify(stored) });
    expect(await seeds.add({ id: 'work', auth: chatgptAuth(), again: true })).toMatchObject({ version: 2 });
    expect(await seeds.add({ id: 'work', auth: JSON.stringify(stored), again: true })).toMatchObject({ version: 3 });
    const other = chatgptAuth({ user: 'user-2' });
    expect(await failureOf(seeds.add({ id: 'work', auth: other, again: true }))).toMatchObject({
      code: 'invalid-input',
    });
  });
});
