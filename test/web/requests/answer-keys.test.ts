import { expect, it } from 'vitest';
import type { Request } from '../../../src/contract/request.ts';
import { nextRequest, oldestApproval, once, openRequests, Settling } from '../../../web/src/requests/answer-keys.ts';
import { DECISIONS } from '../../../web/src/requests/decisions.ts';

const common = { threadId: 't', turnId: null, itemId: null };
const question: Request = { ...common, kind: 'question', id: 'question', questions: [] };
const permissions = (id: string) => ({ ...common, kind: 'permissions', id, sandboxed: 'no' }) as unknown as Request;
const [first, second] = [permissions('first'), permissions('second')];

it('takes the oldest request that a key can answer, and goes round among all that are open', () => {
  const entry = (request: Request, state: 'open' | 'answered') =>
    ({ request, state, answer: null, by: null, afterItemId: null }) as const;
  const open = openRequests({
    done: entry(permissions('done'), 'answered'),
    question: entry(question, 'open'),
    first: entry(first, 'open'),
    second: entry(second, 'open'),
  });
  expect(open).toEqual([question, first, second]);
  expect(oldestApproval(open)).toBe(first);
  expect(oldestApproval([question])).toBeNull();
  const after = (id: string | null) => nextRequest(open, id)?.id;
  expect([after(null), after('question'), after('second')]).toEqual(['question', 'first', 'question']);
  expect(nextRequest([], null)).toBeUndefined();
});

it('takes no key for a request that has just come up, nor right after an answer', () => {
  const settling = new Settling();
  settling.show('first', 1_000);
  settling.show('first', 1_400); // it is only drawn anew
  expect([900, 1_000, 1_499, 1_500].map((at) => settling.isMeant(at))).toEqual([false, false, false, true]);
  settling.show('second', 2_000);
  expect([2_100, 2_500].map((at) => settling.isMeant(at))).toEqual([false, true]);
  settling.answered(3_000);
  expect([3_100, 3_500].map((at) => settling.isMeant(at))).toEqual([false, true]);
});

it('gives one answer to a request, and another one only where the first has failed', async () => {
  const given: string[] = [];
  const arrives = Promise.withResolvers<void>();
  const one = once(first, () => {
    given.push('allow');
    return arrives.promise;
  });
  const deny = async () => void given.push('deny');
  await once(first, deny);
  arrives.resolve();
  await one;
  await once(first, deny);
  await once(permissions('first'), deny); // Codex has asked it anew
  expect(given).toEqual(['allow', 'deny']);
  await expect(once(second, () => Promise.reject(new Error('lost')))).rejects.toThrow('lost');
  await once(second, deny);
  expect(given).toEqual(['allow', 'deny', 'deny']);
});

it('answers by four keys', () => {
  expect(DECISIONS.map(({ keys, answer }) => [keys, answer.behavior])).toEqual([
    ['a', 'allow'],
    ['s', 'allow'],
    ['d', 'deny'],
    ['Shift+D', 'deny'],
  ]);
});
