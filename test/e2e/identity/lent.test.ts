import { describe, expect, it } from 'vitest';
import { introduce } from '../../../src/codex/handshake.ts';
import { withSideClient } from '../../../src/codex/side-client.ts';
import type { IncomingRequest } from '../../../src/rpc/connection.ts';
import type { Issued } from '../../fakes/identity/lineages.ts';
import { type BareClient, joinBare, toBareClient } from '../../support/bare-client.ts';
import { BINARIES, NEWEST, type TestedBinary } from '../../support/codex.ts';
import { failureOf } from '../../support/failure.ts';
import { startIdentity } from '../../support/identity.ts';
import { type IdentityCodexOptions, lent, startWithIdentity } from '../../support/identity-codex.ts';
import { until } from '../../support/processes.ts';
import { filesWith } from '../../support/search.ts';

const REFRESH = 'account/chatgptAuthTokens/refresh';

/** A codex that has been lent the access token of a login, and a thread of it. */
async function startLent(binary: TestedBinary, options: IdentityCodexOptions = {}) {
  const at = await startIdentity();
  const login = at.identity.login();
  const codex = await startWithIdentity({ binary, at, ...options });
  await codex.client.call('account/login/start', lent(login));
  await codex.notified('account/login/completed');
  const threadId = await codex.startThread({ cwd: codex.workspace });
  const { lineages, ledger } = at.identity;
  /** The next tokens, as a broker gets them. */
  const refresh = (): Issued => {
    const next = lineages.refresh(ledger.newestOf(login.lineage) ?? '', 'the broker');
    if (typeof next === 'string') throw new Error(next);
    return next;
  };
  return { ...codex, login, threadId, refresh };
}

/** What codex asks, with an answer to it. */
const answerWith = ({ accessToken, account }: Issued) => ({
  accessToken,
  chatgptAccountId: account.id,
  chatgptPlanType: account.plan,
});

async function asked({ requests }: Pick<BareClient, 'requests'>, count = 1): Promise<IncomingRequest> {
  await until(() => requests.length >= count, 'the request for a newer token');
  return requests[count - 1] as IncomingRequest;
}

describe.each(BINARIES)('a token that is lent to codex $version', (binary) => {
  it('is good for a turn; a newer one is asked for when it is not any more; nothing can refresh it', async () => {
    const { identity, client, login, refresh, threadId, startTurn, notified, requests, codex, home, ...started } =
      await startLent(binary);
    expect((await started.runTurn(threadId, '!say hello')).status).toBe('completed');
    identity.lineages.refuseAccess(login.accessToken);
    const id = await startTurn(threadId, '!say hello');
    const request = await asked({ requests });
    expect(request).toMatchObject({
      method: REFRESH,
      params: { reason: 'unauthorized', previousAccountId: login.account.id },
    });
    const next = refresh();
    await client.respond(request, answerWith(next));
    expect((await notified('turn/completed', ({ turn }) => turn.id === id)).turn.status).toBe('completed');
    await codex.stop();
    expect(identity.at('responses').at(-1)).toMatchObject({ authorization: `Bearer ${next.accessToken}`, status: 200 });
    expect(identity.at('refresh'), 'codex asks the provider nothing').toEqual([]);
    const [onDisk, refreshTokens] = [(secret: string) => filesWith(home, secret), [login, next]];
    expect(refreshTokens.flatMap(({ refreshToken }) => onDisk(refreshToken))).toEqual([]);
    const files = [...identity.ledger.secrets].flatMap(onDisk);
    if (binary === NEWEST) expect(files).toEqual([]);
    else expect(files.join(), '0.142 logs what it sends to OpenAI itself').toContain('logs_2.sqlite');
  });

  it('can be replaced before it is over, and nobody is asked', async () => {
    const { identity, client, login, refresh, threadId, runTurn, requests, of } = await startLent(binary);
    const next = refresh();
    await client.call('account/login/start', lent(next));
    await until(() => of('account/login/completed').length === 2, 'the second login');
    identity.lineages.refuseAccess(login.accessToken);
    expect((await runTurn(threadId, '!say hello')).status).toBe('completed');
    expect(requests).toEqual([]);
  });

  it('reads usage, and fails over that, asking nobody, when it is over', async () => {
    const { identity, client, login, requests } = await startLent(binary);
    const { rateLimits } = await client.call('account/rateLimits/read', {});
    expect(rateLimits).toMatchObject({
      limitId: 'codex',
      planType: 'pro',
      primary: { usedPercent: 12, windowDurationMins: 300, resetsAt: login.account.usage.primaryResetsAt },
      secondary: { usedPercent: 34, windowDurationMins: 10_080 },
    });
    identity.lineages.refuseAccess(login.accessToken);
    expect((await failureOf(client.call('account/rateLimits/read', {}))).message).toContain('401 Unauthorized');
    expect(requests).toEqual([]);
  });

  it('is replaced by one of another account without a word', async () => {
    const { identity, client, login, threadId, startTurn, notified, requests } = await startLent(binary);
    const other = identity.login();
    identity.lineages.refuseAccess(login.accessToken);
    await startTurn(threadId, '!say hello');
    await client.respond(await asked({ requests }), answerWith(other));
    expect((await notified('turn/completed')).turn.status).toBe('completed');
    expect(identity.at('responses').at(-1)).toMatchObject({ accountId: other.account.id, status: 200 });
  });

  it('is asked for again when nobody could be asked, and of all that are connected by then', async () => {
    const { identity, login, refresh, threadId, startTurn, connection, requests, codex } = await startLent(binary, {
      over: 'socket',
    });
    identity.lineages.refuseAccess(login.accessToken);
    await startTurn(threadId, '!say hello');
    await asked({ requests });
    connection.close(new Error('the worker has died') as never);
    const next = toBareClient(await codex.connect());
    await introduce(next.client, { agentLabel: 'next', experimentalApi: true });
    await next.client.call('thread/resume', { threadId });
    await next.client.respond(await asked(next), answerWith(refresh()));
    const { turn } = await next.notified('turn/completed');
    expect(turn.status).toBe('completed');
  });

  it('is refused by any of those who are asked, if that one is first; codex asks again', async () => {
    const started = await startLent(binary, { over: 'socket' });
    const { identity, client, login, refresh, threadId, startTurn, notified, requests } = started;
    const second = await joinBare(started);
    identity.lineages.refuseAccess(login.accessToken);
    await startTurn(threadId, '!say hello');
    const [first, same] = [await asked({ requests }), await asked(second)];
    expect(same.id).toBe(first.id);
    await second.client.refuse(same, 'I do not know');
    await client.respond(first, answerWith(refresh()));
    await client.respond(await asked({ requests }, 2), answerWith(refresh()));
    expect((await notified('turn/completed')).turn.status).toBe('completed');
  });

  it('is not refused by a connection for side work', async () => {
    const started = await startLent(binary, { over: 'socket' });
    const { identity, client, login, refresh, threadId, startTurn, notified, requests, codex } = started;
    identity.lineages.refuseAccess(login.accessToken);
    await withSideClient(codex.connect, async (side) => {
      await startTurn(threadId, '!say hello');
      const request = await asked({ requests });
      await side.call('thread/loaded/list', {}); // whatever it was asked has reached it
      await client.respond(request, answerWith(refresh()));
      expect((await notified('turn/completed')).turn.status).toBe('completed');
    });
    expect(requests).toHaveLength(1);
  });
});
