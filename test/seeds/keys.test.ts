import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SeedKeyring } from '../../src/seeds/keys.ts';
import { testDirectory } from '../support/directories.ts';
import { failureOf } from '../support/failure.ts';
import { workOnSeeds } from '../support/seed-worker.ts';

const inBase64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');

function place() {
  const directory = testDirectory('keys');
  return { directory, file: join(directory, 'seed.key') };
}

async function secretsOf(keyring: SeedKeyring): Promise<string[]> {
  return (await keyring.keys()).map(({ secret }) => inBase64(secret));
}

describe('the key of the seeds', () => {
  it('is made when it is needed first, for its owner only, and is the same from then on', async () => {
    const { directory, file } = place();
    const keyring = new SeedKeyring({ env: {}, file });
    expect(existsSync(file)).toBe(false);
    const [secret] = await secretsOf(keyring);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8').trim()).toBe(secret);
    expect(await secretsOf(new SeedKeyring({ env: {}, file }))).toEqual([secret]);
    expect(readdirSync(directory)).toEqual(['seed.key']);
  });

  it('is the same for all processes that make it at once', async () => {
    const { file } = place();
    const here = [1, 2, 3, 4].map(() => secretsOf(new SeedKeyring({ env: {}, file })));
    const others = [1, 2].map(() => workOnSeeds({ act: 'key', file }));
    const said = (await Promise.all(others)).map(({ lines }) => lines[0]);
    const secrets = await Promise.all(here);
    expect(new Set(secrets.flat()).size).toBe(1);
    expect(said).toEqual(secrets.slice(0, 2).flat());
  });

  it('comes from the environment, and from the caller before that', async () => {
    const { file } = place();
    const [first, second, own] = [randomBytes(32), randomBytes(32), new Uint8Array(randomBytes(32))];
    const env = { OPTIO_CODEX_SEED_KEY: `${inBase64(first)},${inBase64(second)}` };
    expect(await secretsOf(new SeedKeyring({ env, file }))).toEqual([first, second].map(inBase64));
    expect(await secretsOf(new SeedKeyring({ env, file, source: async () => own }))).toEqual([inBase64(own)]);
    expect(existsSync(file)).toBe(false);
  });

  it.each([
    ['too short', inBase64(randomBytes(31))],
    ['too long', inBase64(randomBytes(33))],
    ['no base64', 'x'.repeat(44)],
    ['in another base64', `${randomBytes(32).toString('hex')}`],
    ['followed by something', `${inBase64(randomBytes(32))} and more`],
  ])('is refused when it is %s, wherever it stands, and not told', async (_, text) => {
    const { file } = place();
    writeFileSync(file, text, { mode: 0o600 });
    for (const env of [{}, { OPTIO_CODEX_SEED_KEY: text }]) {
      const error = await failureOf(new SeedKeyring({ env, file }).keys());
      expect(error).toMatchObject({ code: 'invalid-config', remedy: expect.any(String) });
      expect(error.message).not.toContain(text);
    }
    expect(readFileSync(file, 'utf8')).toBe(text);
    const source = () => new Uint8Array(31);
    expect((await failureOf(new SeedKeyring({ env: {}, file, source }).keys())).code).toBe('invalid-config');
  });

  it('is refused where others may read it, or it is a link, or no file, or empty', async () => {
    const { directory, file } = place();
    const keyring = new SeedKeyring({ env: {}, file });
    const [secret] = await secretsOf(keyring);
    const fails = async (path: string) => failureOf(new SeedKeyring({ env: {}, file: path }).keys());
    for (const mode of [0o640, 0o604, 0o660]) {
      chmodSync(file, mode);
      expect(await fails(file)).toMatchObject({ code: 'invalid-config', message: expect.stringContaining('others') });
    }
    chmodSync(file, 0o600);
    const link = join(directory, 'link');
    symlinkSync(file, link);
    expect(await fails(link)).toMatchObject({ message: expect.stringContaining('link') });
    symlinkSync('nowhere', join(directory, 'dangling'));
    expect(await fails(join(directory, 'dangling'))).toMatchObject({ message: expect.stringContaining('link') });
    expect(await fails(directory)).toMatchObject({ code: 'invalid-config' });
    writeFileSync(join(directory, 'empty'), '', { mode: 0o600 });
    expect((await fails(join(directory, 'empty'))).code).toBe('invalid-config');
    // Put right, it is used, by whoever had been refused as well.
    expect(await secretsOf(new SeedKeyring({ env: {}, file }))).toEqual([secret]);
  });

  it('stays beside the new one until everything is encrypted anew', async () => {
    const { file } = place();
    const keyring = new SeedKeyring({ env: {}, file });
    const [old] = await secretsOf(keyring);
    const broken = keyring.change(async () => {
      throw new Error('the disk is full');
    });
    await expect(broken).rejects.toThrow('full');
    const between = await secretsOf(new SeedKeyring({ env: {}, file }));
    expect(between).toHaveLength(2);
    expect(between[1]).toBe(old);
    await keyring.change(async () => {});
    const after = await secretsOf(keyring);
    expect(after).toHaveLength(1);
    expect(between).not.toContain(after[0]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });
});
