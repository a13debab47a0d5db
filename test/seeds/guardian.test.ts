import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { OptioError } from '../../src/errors.ts';
import { LocalHost } from '../../src/hosts/local.ts';
import { Guardian } from '../../src/seeds/guardian.ts';
import { chatgptAuth } from '../support/auth.ts';
import { testDirectory } from '../support/directories.ts';
import { until } from '../support/processes.ts';

/** A guardian of a file, and what it has saved. `refusals`: why the next ones are not saved. */
function guard({ refusals = [], host = new LocalHost() }: { refusals?: OptioError[]; host?: LocalHost } = {}) {
  const home = testDirectory('guardian');
  const file = join(home, 'auth.json');
  const planted = chatgptAuth();
  writeFileSync(file, planted);
  const saved: string[] = [];
  const told: number[] = [];
  const problems: string[] = [];
  const guardian = new Guardian({
    host,
    file,
    planted,
    save: async (auth) => {
      const refusal = refusals.shift();
      if (refusal) throw refusal;
      saved.push(auth);
      return { isNew: true, version: saved.length + 1 };
    },
    onSaved: (version) => told.push(version),
    onProblem: ({ code }) => problems.push(code),
  });
  onTestFinished(() => guardian.stop());
  return { guardian, home, file, planted, saved, told, problems };
}

/** A host that tells of no change. */
class SilentHost extends LocalHost {
  override watch(): () => void {
    return () => {};
  }
}

const full = () => new OptioError('store-full', 'there is no space left');

describe('a guardian', () => {
  it('saves a login that was renewed, once, with the version told, and leaves the planted one alone', async () => {
    const { guardian, file, saved, told, planted } = guard();
    expect(await guardian.look()).toBe(true);
    expect([saved, guardian.newest]).toEqual([[], planted]);
    const next = chatgptAuth();
    writeFileSync(file, next);
    expect([await guardian.look(), await guardian.look()]).toEqual([true, true]);
    expect([saved, told, guardian.newest]).toEqual([[next], [2], next]);
  });

  it.each([
    ['the host tells of it', new LocalHost()],
    ['it looks by itself where the host tells nothing', new SilentHost()],
  ])('does so as soon as %s, also where another file takes its place', async (_, host) => {
    const { guardian, home, file, saved } = guard({ host });
    guardian.start();
    const [inPlace, moved] = [chatgptAuth(), chatgptAuth()];
    writeFileSync(file, inPlace);
    await until(() => saved.includes(inPlace), 'what was written in its place');
    writeFileSync(join(home, 'new'), moved);
    renameSync(join(home, 'new'), file);
    await until(() => saved.includes(moved), 'what was moved there');
    expect(saved).toEqual([inPlace, moved]);
  });

  it.each([
    ['is half-written', chatgptAuth().slice(0, 200)],
    ['is empty', ''],
    ['is logged out', '{"auth_mode":null,"OPENAI_API_KEY":null,"tokens":null}'],
    ['has lost its refresh token', JSON.stringify({ tokens: { access_token: 'a.b.c', refresh_token: '' } })],
  ])('never saves what %s, and saves what comes after it', async (_, content) => {
    const { guardian, file, saved, planted } = guard();
    writeFileSync(file, content);
    expect(await guardian.look()).toBe(false);
    expect([saved, guardian.newest]).toEqual([[], planted]);
    const next = chatgptAuth();
    writeFileSync(file, next);
    await guardian.settle();
    expect(saved).toEqual([next]);
  });

  it('follows no link, and does not mind that there is nothing', async () => {
    const { guardian, home, file, saved } = guard();
    writeFileSync(join(home, 'elsewhere'), chatgptAuth());
    rmSync(file);
    expect(await guardian.look()).toBe(false);
    symlinkSync(join(home, 'elsewhere'), file);
    expect(await guardian.look()).toBe(false);
    rmSync(file);
    mkdirSync(file);
    expect(await guardian.look()).toBe(false);
    expect(saved).toEqual([]);
  });

  it('tries again what could not be saved, and tells of it once', async () => {
    const { guardian, file, saved, problems } = guard({ refusals: [full(), full()], host: new SilentHost() });
    const next = chatgptAuth();
    writeFileSync(file, next);
    guardian.start();
    await until(() => saved.length === 1, 'the third attempt');
    expect([saved, problems]).toEqual([[next], ['store-full']]);
  });

  it('says at its end that the last one is not saved, and looks no more after it', async () => {
    const { guardian, file, saved } = guard({ refusals: [full()] });
    writeFileSync(file, chatgptAuth());
    await expect(guardian.settle()).rejects.toMatchObject({ code: 'store-full' });
    expect(saved).toEqual([]);
  });

  it('saves one after the other, in the order in which they came', async () => {
    const { guardian, file, saved } = guard();
    const [first, second] = [chatgptAuth(), chatgptAuth()];
    writeFileSync(file, first);
    const looks = [guardian.look(), guardian.look()];
    await looks[0];
    writeFileSync(file, second);
    await Promise.all([...looks, guardian.look()]);
    expect(saved).toEqual([first, second]);
  });
});
