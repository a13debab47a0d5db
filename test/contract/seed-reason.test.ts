import { expect, it } from 'vitest';
import { reasonInWords } from '../../src/contract/seed-reason.ts';

const [refused, old] = [
  'its provider refused it: ',
  /^its provider refused it: .*\w{3} \w.* \(refresh_token_reused\)$/,
];

it('tells what the code of a provider means, and the code, once', () => {
  const told = reasonInWords(`${refused}refresh_token_reused`);
  expect(told).toMatch(old);
  expect(reasonInWords(told)).toBe(told);
  expect(reasonInWords(`the login is no good any more: ${refused}token_expired`)).toMatch(
    /^the login .*: its provider refused it: its refresh token is no good \(token_expired\)$/,
  );
});

it.each([
  'it was renewed',
  'refresh_token_reused',
  `${refused}a_code_of_tomorrow`,
  `${refused}constructor`,
  refused,
  '',
])('leaves as it is what it does not know: %j', (reason) => {
  expect(reasonInWords(reason)).toBe(reason);
});
