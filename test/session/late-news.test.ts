import { describe, expect, it } from 'vitest';
import { LateNews } from '../../src/session/late-news.ts';

const MEBI = 1024 * 1024;

/** Tells into a list; what was told is written when the test says so. */
function makeNews(tell = (_: string) => {}) {
  const told: string[] = [];
  const faults: unknown[] = [];
  let written = Promise.withResolvers<void>();
  const news = new LateNews<string>({
    tell: (each) => {
      tell(each);
      told.push(each[0] ?? '');
    },
    written: () => written.promise,
    onFault: (thrown) => faults.push(thrown),
  });
  const write = async () => {
    written.resolve();
    written = Promise.withResolvers();
    await new Promise(setImmediate);
  };
  return { news, told, faults, write };
}

const large = (name: string) => name.padEnd(3 * MEBI);

describe('news', () => {
  it('are told at once, as long as they are few', () => {
    const { news, told } = makeNews();
    news.add(['a']);
    news.add(['b', 'c']);
    news.add([large('d')]);
    expect(told.join('')).toBe('abcd');
  });

  it('that are many are told in pieces, each once the one before is written, and others after them', async () => {
    const { news, told, write } = makeNews();
    news.add(['a', large('b'), large('c'), large('d')]);
    news.add(['e']);
    let isSettled = false;
    const settled = news.settled().then(() => {
      isSettled = true;
    });
    expect(told.join('')).toBe('ab');
    await write();
    expect(told.join('')).toBe('abc');
    news.add(['f']);
    await write();
    expect(told.join('')).toBe('abcdef');
    expect(isSettled).toBe(false);
    await write();
    await settled;
    news.add(['g']);
    expect(told.join('')).toBe('abcdefg');
  });

  it('do not wait without a bound behind what cannot be written', () => {
    const { news, told } = makeNews();
    news.add([large('a'), large('b')]);
    for (let n = 0; n < 11; n++) news.add([large('c')]);
    expect(told.join('')).toBe(`ab${'c'.repeat(11)}`);
  });

  it('that cannot be told are a fault of their own, and keep no later ones', async () => {
    const { news, told, faults, write } = makeNews((each) => {
      if (each.startsWith('b')) throw new Error('no');
    });
    news.add([large('a'), large('b'), large('c')]);
    await write();
    await news.settled();
    expect(faults).toMatchObject([{ message: 'no' }]);
    news.add(['d']);
    expect(told.join('')).toBe('ad');
    expect(() => news.add(['b'])).toThrow('no');
  });
});
