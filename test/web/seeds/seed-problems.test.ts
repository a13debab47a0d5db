import { expect, it } from 'vitest';
import { problemsOfSeed, type TypedSeed } from '../../../web/src/seeds/seed-problems.ts';

const GOOD: TypedSeed = { id: 'work', pool: 'team', given: null };

it('finds nothing wrong with what the server would take', () => {
  expect(problemsOfSeed(GOOD, [{ id: 'other' }])).toEqual({});
  expect(problemsOfSeed({ ...GOOD, pool: '' }, [])).toEqual({});
  expect(problemsOfSeed({ ...GOOD, given: { way: 'apiKey', secret: 'sk-12345678' } }, [])).toEqual({});
  expect(problemsOfSeed({ ...GOOD, given: { way: 'file', secret: '{}' } }, [])).toEqual({});
});

it.each<[string, Partial<TypedSeed>, string]>([
  ['no name', { id: '' }, 'id'],
  ['a name that is taken', { id: 'taken' }, 'id'],
  ['a name with a space', { id: 'my login' }, 'id'],
  ['a pool in capitals', { pool: 'Team' }, 'pool'],
  ['no key', { given: { way: 'apiKey', secret: '' } }, 'secret'],
  ['half a key', { given: { way: 'apiKey', secret: 'sk-1' } }, 'secret'],
  ['no file', { given: { way: 'file', secret: '' } }, 'secret'],
  ['a file that is too large', { given: { way: 'file', secret: 'x'.repeat(65_537) } }, 'secret'],
])('says at the field that it is wrong: %s', (_, change, field) => {
  expect(Object.keys(problemsOfSeed({ ...GOOD, ...change }, [{ id: 'taken' }]))).toEqual([field]);
});

it('repeats nothing of a key in what it says', () => {
  const secret = 'sk-secret with a space';
  expect(JSON.stringify(problemsOfSeed({ ...GOOD, given: { way: 'apiKey', secret } }, []))).not.toContain(
    'secret with',
  );
});
