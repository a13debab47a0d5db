import { expect, it } from 'vitest';
import { token } from '../support/auth.ts';
import { asFile, brokerPlace } from '../support/broker.ts';

it.each([
  ['is due', 60, 1],
  ['is good for long', 36_000, 0],
])(
  'a login that does not say whose it is, and %s, is lent as a file with tokens that are good for long',
  async (_, seconds, times) => {
    const { seeds, provider, lend, clock } = await brokerPlace(36_000_000);
    const { tokens, ...others } = JSON.parse(provider.login());
    const access_token = token({ iat: clock.now() / 1000 - 3_600, exp: clock.now() / 1000 + seconds });
    await seeds.add({
      id: 'work',
      auth: JSON.stringify({ ...others, tokens: { refresh_token: tokens.refresh_token, access_token } }),
    });
    expect((await seeds.find('work')).mode).toBe('file');
    const loan = asFile(await lend('run-1', 'work'));
    expect(provider.refreshed).toHaveLength(times);
    expect(loan.version).toBe(1 + times);
    await loan.release();
  },
);
