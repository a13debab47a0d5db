import { expect, it } from 'vitest';
import { chatgptAuth } from '../support/auth.ts';
import { seedPlace } from '../support/seeds.ts';

it('a seed says that a token may have been used where it goes back to one that is not the newest', async () => {
  const { seeds } = await seedPlace();
  const made = (at: string) => chatgptAuth({ lastRefresh: at });
  await seeds.add({ id: 'work', auth: made('2026-11-20T10:00:00Z') });
  const lease = await seeds.lease({ of: { seed: 'work' }, holder: 'run-1' });
  const files = { 'auth.json': made('2026-11-21T10:00:00Z') };
  await seeds.save(lease, { files, replaces: 1 });
  await lease.release();
  const reason = 'went back to version 1, whose refresh token may have been used since';
  expect(await seeds.undo('work')).toMatchObject({ version: 3, reason });
  expect(await seeds.undo('work')).toMatchObject({ version: 4, reason: 'went back to version 2' });
  expect(await seeds.undo('work')).toMatchObject({ reason: reason.replace('1', '3') });
});
