import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Fault, refusal, silence } from '../../fakes/identity/faults.ts';
import { BINARIES, NEWEST, OLDEST, type TestedBinary } from '../../support/codex.ts';
import { startIdentity } from '../../support/identity.ts';
import { startWithIdentity } from '../../support/identity-codex.ts';
import { until } from '../../support/processes.ts';

/** A codex that keeps a login in its home, whose access token lives for so many seconds. */
async function startPlanted(binary: TestedBinary, seconds = 3_600) {
  const at = await startIdentity();
  const { identity } = at;
  identity.lineages.accessTokenSeconds = seconds;
  const planted = identity.login();
  identity.lineages.accessTokenSeconds = 3_600;
  const codex = await startWithIdentity({ binary, at, planted });
  const file = () => readFileSync(join(codex.home, 'auth.json'), 'utf8');
  /** The logins whose newest refresh token is not in the file. */
  const lost = () => identity.ledger.lost((token) => file().includes(token));
  const reasons = () => identity.at('refresh').map(({ body }) => JSON.parse(body).refresh_reason as string | undefined);
  const say = async () => codex.runTurn(await codex.startThread({ cwd: codex.workspace }), '!say hello');
  return { ...codex, planted, lost, reasons, say };
}

/** The same, whose next turn has to refresh, and meets a fault over that. */
async function refreshMeeting(binary: TestedBinary, fault: Fault) {
  const started = await startPlanted(binary);
  const { identity, planted } = started;
  const met = identity.faults.next('refresh', fault).met;
  identity.lineages.refuseAccess(planted.accessToken);
  return { ...started, met };
}

describe.each(BINARIES)('a login in the home of codex $version', (binary) => {
  it('is refreshed when its token has less than five minutes to live, and the file holds the next', async () => {
    const { identity, lost, say, codex, planted, reasons } = await startPlanted(binary, 290);
    await until(() => identity.at('refresh').length > 0, 'the refresh before any turn');
    expect((await say()).status).toBe('completed');
    await codex.stop();
    expect(identity.ledger.refreshesOf(planted.lineage)).toBe(1);
    expect(reasons()).toEqual([binary === NEWEST ? 'proactive_expiry' : undefined]);
    expect([lost(), identity.ledger.usedAgain()]).toEqual([[], []]);
  });

  it('is left alone while its token has more', async () => {
    const { identity, say } = await startPlanted(binary, 400);
    expect((await say()).status).toBe('completed');
    expect(identity.at('refresh')).toEqual([]);
  });

  it('is refreshed when the model refuses its token, and the turn goes on', async () => {
    const { identity, planted, lost, say, codex, reasons } = await startPlanted(binary);
    identity.lineages.refuseAccess(planted.accessToken);
    expect((await say()).status).toBe('completed');
    await codex.stop();
    expect(reasons()).toEqual([binary === NEWEST ? 'unauthorized_recovery' : undefined]);
    expect([lost(), identity.ledger.usedAgain()]).toEqual([[], []]);
  });

  it('is lost when an answer is: codex sends the same refresh token again', async () => {
    const { identity, lost, say } = await refreshMeeting(binary, { kind: 'cut', when: 'after' });
    expect(await say()).toMatchObject({ status: 'failed', error: { codexErrorInfo: 'unauthorized' } });
    expect(identity.ledger.usedAgain()).toHaveLength(1);
    expect(lost()).toEqual(['login-1']);
  });

  it('is lost when codex is stopped over a refresh: it does not wait for the answer', async () => {
    const answer = Promise.withResolvers<void>();
    const held: Fault = { kind: 'hold', when: 'after', until: answer.promise };
    const { codex, lost, say, met } = await refreshMeeting(binary, held);
    void say().catch(() => {});
    await met;
    await codex.stop();
    answer.resolve();
    expect(lost()).toEqual(['login-1']);
  });

  it('keeps its refresh token when the provider gives no other', async () => {
    const { identity, planted, lost, say, codex } = await startPlanted(binary);
    identity.lineages.rotates = false;
    identity.lineages.refuseAccess(planted.accessToken);
    expect((await say()).status).toBe('completed');
    await codex.stop();
    expect(lost()).toEqual([]);
  });
});

describe('what only one of the two versions does about a refresh', () => {
  it('gives a login up for a 400 of invalid_grant (0.169), or sends the token again (0.142)', async () => {
    const requestsAfter = async (binary: TestedBinary) => {
      const { identity, say } = await refreshMeeting(binary, refusal(400, 'invalid_grant'));
      return [(await say()).status, identity.at('refresh').length];
    };
    expect(await requestsAfter(NEWEST)).toEqual(['failed', 1]);
    expect(await requestsAfter(OLDEST)).toEqual(['completed', 2]);
  });

  it('waits five seconds for the answer, and sends the same refresh token again (0.169)', async () => {
    const { identity, lost, say } = await refreshMeeting(NEWEST, silence('after'));
    expect((await say()).status).toBe('failed');
    expect(identity.ledger.usedAgain()).toHaveLength(1);
    expect(lost()).toEqual(['login-1']);
  });

  it('is refreshed without end, and the turn never begins, when no token has five minutes (0.169)', async () => {
    const at = await startIdentity();
    const { identity } = at;
    identity.lineages.accessTokenSeconds = 200;
    const planted = identity.login();
    const { startThread, startTurn, workspace } = await startWithIdentity({ binary: NEWEST, at, planted });
    await startTurn(await startThread({ cwd: workspace }), '!say hello');
    await until(() => identity.at('refresh').length > 100, 'the hundredth refresh');
    expect(identity.at('responses')).toEqual([]);
  });
});
