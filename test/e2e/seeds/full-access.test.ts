import { describe, expect, it } from 'vitest';
import { runUnconfined, whyOnlyConfined } from '../../support/other-user.ts';
import { skipFor } from '../../support/privileges.ts';
import { watchRun } from '../../support/run.ts';
import { makeSeededPlace } from '../../support/seed-run.ts';
import type { ExposedReport } from './exposed-run.ts';

describe('full access and a saved login', () => {
  it.each(['broker', 'file'] as const)('are refused together, in mode %s, and nothing is lent', async (seedMode) => {
    const place = await makeSeededPlace();
    await place.addLogin('work');
    const spec = { instructions: '!run id', seedId: 'work', seedMode, sandbox: 'danger-full-access' } as const;
    const { outcome, of } = await watchRun(place, spec);
    expect(outcome).toMatchObject({
      status: 'failed',
      error: {
        code: 'invalid-config',
        message: expect.stringContaining('full access'),
        remedy: expect.stringContaining('--expose-login'),
      },
    });
    expect(of('session.started')).toEqual([]);
    expect([place.model.requests.length, place.identity.requests.length]).toEqual([0, 0]);
  });

  it('are refused together also where the run has no login, and the agent could read the one that is saved', async () => {
    const place = await makeSeededPlace();
    const spec = { instructions: '!say hello', sandbox: 'danger-full-access' } as const;
    expect((await watchRun(place, spec)).outcome).toMatchObject({ status: 'done' });
    await place.addLogin('work');
    const { outcome, of } = await watchRun(place, spec);
    expect(outcome).toMatchObject({
      error: { code: 'invalid-config', message: expect.stringContaining('saved here') },
    });
    expect(of('session.started')).toEqual([]);
    const insisting = await watchRun(place, { ...spec, exposeLogin: true });
    expect(insisting.outcome).toMatchObject({ status: 'done' });
    expect(insisting.of('session.started')).toMatchObject([
      { loginReport: { seed: null, kept: 'nowhere', gaps: ['commands have full access'] } },
    ]);
  });

  it('come together for whoever insists: the login is read, and the journal says that it can be', async ({ skip }) => {
    skipFor(whyOnlyConfined, skip);
    const report: ExposedReport = JSON.parse(await runUnconfined('test/e2e/seeds/exposed-run.ts', (root) => [root]));
    expect(report).toEqual({
      status: 'done',
      loginReport: { seed: 'work', kept: 'file', gaps: ['commands have full access'] },
      isRead: true,
      isRenewable: false,
    });
  });
});
