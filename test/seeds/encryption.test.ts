import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OptioError } from '../../src/errors.ts';
import { type SeedKeys, seal, toSeedKey, unseal } from '../../src/seeds/encryption.ts';

const key = () => toSeedKey(randomBytes(32));
const PLACE = { seedId: 'work', version: 3 };

function problemOf(act: () => unknown): OptioError {
  try {
    act();
  } catch (thrown) {
    if (thrown instanceof OptioError) return thrown;
    throw thrown;
  }
  throw new Error('nothing was thrown');
}

describe('an encrypted content', () => {
  it('is what it was, under each of several keys', () => {
    const keys: SeedKeys = [key(), key()];
    for (const one of keys) {
      expect(unseal({ ...PLACE, sealed: seal('a token: ü', PLACE, one) }, keys)).toBe('a token: ü');
    }
  });

  it('looks different each time, and tells nothing', () => {
    const one = key();
    const [first, second] = [seal('refresh', PLACE, one), seal('refresh', PLACE, one)];
    expect(first).not.toBe(second);
    expect(first.split('.')[2]).not.toBe(second.split('.')[2]);
    expect(Buffer.from(first).includes('refresh')).toBe(false);
  });

  it('cannot stand for another seed or another version', () => {
    const keys: SeedKeys = [key()];
    const sealed = seal('token', PLACE, keys[0]);
    for (const place of [
      { seedId: 'other', version: 3 },
      { seedId: 'work', version: 2 },
      { seedId: 'work",3', version: 3 },
    ]) {
      expect(problemOf(() => unseal({ ...place, sealed }, keys))).toMatchObject({ code: 'seed-unreadable' });
    }
  });

  it('says that the key is another one, and which', () => {
    const [mine, theirs] = [key(), key()];
    const error = problemOf(() => unseal({ ...PLACE, sealed: seal('token', PLACE, mine) }, [theirs]));
    expect(error).toMatchObject({ code: 'seed-unreadable', remedy: expect.stringContaining('key') });
    expect(error.message).toContain(mine.id);
    expect(error.message).toContain(theirs.id);
    expect(error.message).not.toContain(Buffer.from(theirs.secret).toString('base64'));
  });

  it('is not read when any character of it was changed, or any part of it is missing', () => {
    const keys: SeedKeys = [key()];
    const sealed = seal('a rather secret token', PLACE, keys[0]);
    fc.assert(
      fc.property(fc.nat(sealed.length - 1), fc.constantFrom(...'AZaz09-_.!'), fc.boolean(), (at, put, isCut) => {
        const changed = isCut ? sealed.slice(0, at) : sealed.slice(0, at) + put + sealed.slice(at + 1);
        fc.pre(changed !== sealed);
        let read: string | undefined;
        try {
          read = unseal({ ...PLACE, sealed: changed }, keys);
        } catch (thrown) {
          return thrown instanceof OptioError && thrown.code === 'seed-unreadable';
        }
        // The last character of base64 may have bits that count for nothing.
        return read === 'a rather secret token';
      }),
      { numRuns: 500 },
    );
  });
});
