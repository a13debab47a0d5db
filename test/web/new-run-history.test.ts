import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Draft, EMPTY_DRAFT } from '../../web/src/new-run/draft.ts';
import {
  earlierModelChoice,
  keepModelChoice,
  suggested,
  withNewest,
  withoutLogin,
} from '../../web/src/new-run/history.ts';

it('keeps of the address of a provider nothing by which one logs in', () => {
  expect(withoutLogin(' http://127.0.0.1:11434/v1 ')).toBe('http://127.0.0.1:11434/v1');
  expect(withoutLogin('https://me:secret@models.example/v1?key=secret')).toBe('https://models.example/v1');
  expect(withoutLogin('no address')).toBe('no address');
});

describe('the model and the login of the launch before', () => {
  /** What a browser keeps. */
  const browserWith = (kept: unknown) => {
    const entries = new Map([['model', JSON.stringify(kept)]]);
    vi.stubGlobal('localStorage', {
      getItem: (key: string) => entries.get(key) ?? null,
      setItem: (key: string, value: string) => void entries.set(key, value),
    });
    return entries;
  };
  afterEach(() => void vi.unstubAllGlobals());

  it('are chosen again', () => {
    browserWith(null);
    const draft: Draft = {
      ...EMPTY_DRAFT,
      model: 'gpt',
      login: 'pool',
      pool: 'team',
      seed: 'work',
      whenNoSeed: 'refuse',
      seedFallback: 'pool:spare',
      seedMode: 'file',
    };
    keepModelChoice(draft);
    const login = { login: 'pool', pool: 'team', whenNoSeed: 'refuse', seedFallback: 'pool:spare', seedMode: 'file' };
    const chosen = { provider: 'openai', model: 'gpt', effort: '', ...login };
    expect(earlierModelChoice()).toEqual(chosen);
  });

  it('are what they were where an earlier page has kept them, which knew of no seeds', () => {
    browserWith({ provider: 'openai', model: 'gpt', effort: 'high' });
    expect(earlierModelChoice()).toEqual({ provider: 'openai', model: 'gpt', effort: 'high' });
    const seed = { login: 'seed', seed: 'work', whenNoSeed: 'wait' };
    browserWith({ provider: 'openai', model: 'gpt', effort: '', ...seed });
    expect(earlierModelChoice()).toMatchObject({ ...seed, seedFallback: '', seedMode: 'broker' });
  });

  it('are nothing that could not be chosen', () => {
    const model = { provider: 'openai', model: 'gpt', effort: '' };
    for (const login of [
      { login: 'seed' },
      { login: 'seed', seed: 4, whenNoSeed: 'wait' },
      { login: 'seed', seed: 'a', whenNoSeed: 'wait', seedFallback: ['b'] },
      { login: 'seed', seed: 'a', whenNoSeed: 'wait', seedMode: 'x' },
      { login: 'x', seed: 'a' },
    ]) {
      browserWith({ ...model, ...login });
      expect(earlierModelChoice()).toEqual(model);
    }
  });
});

it('keeps each earlier prompt once, the newest first', () => {
  expect(withNewest(['a', 'b', 'c'], 'b', 3)).toEqual(['b', 'a', 'c']);
  expect(withNewest(['a', 'b', 'c'], 'd', 3)).toEqual(['d', 'a', 'b']);
});

it('suggests directories: those of earlier runs first, and none that does not fit any more', () => {
  const found = ['/home/a', '/home/ab', '/home/b'];
  expect(suggested('/home/a', ['/home/ab', '/srv', '/home/a'], found)).toEqual([
    { value: '/home/ab', note: 'earlier' },
    { value: '/home/a' },
  ]);
  expect(suggested('', ['/srv'], [])).toEqual([{ value: '/srv', note: 'earlier' }]);
  expect(suggested('~/p', [], ['/root/p'])).toEqual([{ value: '/root/p' }]);
});
