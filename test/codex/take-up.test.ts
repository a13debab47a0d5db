import { describe, expect, it } from 'vitest';
import { CodexClient } from '../../src/codex/client.ts';
import { type CodexConversationOptions, checkOptions } from '../../src/codex/conversation-options.ts';
import type { Turn } from '../../src/codex/protocol/v2/Turn.ts';
import { type LookOptions, lookAgain, takeUpChildren, takeUpThreads } from '../../src/codex/take-up.ts';
import { failureOf } from '../support/failure.ts';
import { connectToPeer } from '../support/peer.ts';

const LOCKED = { expectProfile: 'locked', sandbox: null, experimentalApi: true } as const;
const IDLE = { status: { type: 'idle' }, sessionId: 's' };

/** How a method is answered; a text is the words of a refusal. */
type Answers = Readonly<Record<string, (params: Record<string, unknown>) => unknown>>;

const turn = (id: number, more: object = {}) =>
  ({ id: `turn-${id}`, status: 'completed', items: [], ...more }) as unknown as Turn;
const resumed = (turns: readonly Turn[] = []) => ({
  thread: { turns },
  activePermissionProfile: { id: 'locked' },
});

/** A codex with one thread, `own`, that is loaded and idle, unless it answers otherwise. */
function connect(
  answers: Answers = {},
  options: Partial<CodexConversationOptions> = {},
  look: Partial<LookOptions> = {},
) {
  const all: Answers = {
    'thread/read': ({ threadId }) => ({ thread: { id: threadId, ...IDLE } }),
    'thread/resume': () => resumed(),
    'thread/loaded/list': () => ({ data: ['own'] }),
    'thread/name/set': () => ({}),
    ...answers,
  };
  const { connection, sent } = connectToPeer(({ method = '', params }) => {
    const answer = all[method]?.(params as Record<string, unknown>);
    return typeof answer === 'string' ? { error: { code: -32600, message: answer } } : { result: answer };
  });
  const client = new CodexClient(connection);
  const settings = {
    ...checkOptions({ cwd: '/repo', ...options }),
    withoutItems: false,
    isEnough: () => false,
    ...look,
  };
  const calls = (method: string) => sent.flatMap((call) => (call.method === method ? [call.params] : []));
  return { client, settings, calls, takeUp: async () => (await takeUpThreads(client, 'own', settings)).threads };
}

/** The turns of a thread, as they are paged back: the cursor is the number of the newest turn of the page. */
function pagesFrom(newest: number, more: (id: number) => object = () => ({})) {
  return (params: Record<string, unknown>) => {
    const { cursor, limit } = params as { cursor?: string; limit: number };
    const first = cursor === undefined ? newest : Number(cursor);
    const ids = Array.from({ length: Math.min(limit, first) }, (_, index) => first - index);
    const next = first - limit;
    return { data: ids.map((id) => turn(id, more(id))), nextCursor: next > 0 ? `${next}` : null };
  };
}

const idsOf = (turns: readonly Turn[] = []) => turns.map(({ id }) => Number(id.slice('turn-'.length)));

describe('takeUpThreads', () => {
  it('joins a thread that is loaded as it is, for codex would load it anew under a profile or instructions', async () => {
    const { takeUp, calls } = connect({}, { ...LOCKED, developerInstructions: 'i' });
    await takeUp();
    expect(calls('thread/resume')).toEqual([
      {
        threadId: 'own',
        approvalPolicy: 'never',
        excludeTurns: true,
        initialTurnsPage: { limit: 10, itemsView: 'full' },
      },
    ]);
  });

  it('names both for a thread that is not loaded any more', async () => {
    const notLoaded = { 'thread/read': () => ({ thread: { id: 'own', status: { type: 'notLoaded' } } }) };
    const { takeUp, calls } = connect(notLoaded, { ...LOCKED, developerInstructions: 'i' });
    await takeUp();
    expect(calls('thread/resume')).toMatchObject([{ permissions: 'locked', developerInstructions: 'i' }]);
  });

  it.each([{ id: 'open' }, null])('takes up no thread under the profile %j', async (activePermissionProfile) => {
    const { takeUp } = connect({ 'thread/resume': () => ({ ...resumed(), activePermissionProfile }) }, LOCKED);
    expect(await failureOf(takeUp())).toMatchObject({ code: 'sandbox-changed' });
  });

  it('has a thread stored that had no turn yet, by giving it a name, and takes it up then', async () => {
    let isStored = false;
    const { takeUp, calls } = connect(
      {
        'thread/resume': () => (isStored ? resumed() : 'no rollout found for thread id own'),
        'thread/name/set': () => {
          isStored = true;
          return {};
        },
      },
      { agentLabel: 'A label' },
    );
    await expect(takeUp()).resolves.toMatchObject([{ threadId: 'own', turns: [] }]);
    expect(calls('thread/name/set')).toEqual([{ threadId: 'own', name: 'A label' }]);
  });

  it('gives no thread a name that is refused for another reason', async () => {
    const { takeUp, calls } = connect({ 'thread/resume': () => 'thread own is closing' });
    expect(await failureOf(takeUp())).toMatchObject({
      code: 'call-failed',
      message: expect.stringContaining('closing'),
    });
    expect(calls('thread/name/set')).toEqual([]);
  });

  it('takes the whole history as it comes without the experimental API', async () => {
    const { takeUp, calls } = connect({ 'thread/resume': () => resumed([turn(1), turn(2)]) });
    const [own] = await takeUp();
    expect([idsOf(own?.turns), own?.isCut, calls('thread/turns/list')]).toEqual([[1, 2], false, []]);
  });
});

describe('the turns of a thread that is taken up', () => {
  const paged = (newest: number) => {
    const page = pagesFrom(newest);
    return {
      'thread/resume': () => ({ ...resumed(), initialTurnsPage: page({ limit: 10 }) }),
      'thread/turns/list': page,
    };
  };

  it('are asked for page by page until there are enough, and given oldest first', async () => {
    const isEnough = (threadId: string, turns: readonly Turn[]) =>
      threadId === 'own' && turns.some(({ id }) => id === 'turn-24');
    const { takeUp, calls } = connect(paged(45), LOCKED, { isEnough });
    const [own] = await takeUp();
    expect(idsOf(own?.turns)).toEqual(Array.from({ length: 30 }, (_, index) => 16 + index));
    expect(own?.isCut).toBe(false);
    expect(calls('thread/turns/list')).toMatchObject([{ cursor: '35' }, { cursor: '25' }]);
  });

  it('are all of them when none is enough', async () => {
    const [own] = await connect(paged(25), LOCKED).takeUp();
    expect([own?.turns.length, own?.isCut]).toEqual([25, false]);
  });

  it('are 500 at most, and it is told that there may be more', async () => {
    const [own] = await connect(paged(501), LOCKED).takeUp();
    expect([own?.turns.length, own?.isCut]).toEqual([500, true]);
    const [whole] = await connect(paged(500), LOCKED).takeUp();
    expect([whole?.turns.length, whole?.isCut]).toEqual([500, false]);
  });

  it('come without what happened in them from 64 Mi characters on', async () => {
    const text = 'x'.repeat(33 * 1024 * 1024);
    const list = pagesFrom(50, (id) =>
      id % 10 === 0 ? { items: [{ type: 'agentMessage', id: `i${id}`, text }] } : {},
    );
    const { takeUp, calls } = connect(
      { 'thread/resume': () => ({ ...resumed(), initialTurnsPage: list({ limit: 10 }) }), 'thread/turns/list': list },
      LOCKED,
    );
    await takeUp();
    const views = (calls('thread/turns/list') as { itemsView: string }[]).map(({ itemsView }) => itemsView);
    expect(views).toEqual(['full', 'notLoaded', 'notLoaded', 'notLoaded']);
  });

  it.each([{}, LOCKED])('come so from the beginning where a history was too much before: %j', async (options) => {
    const list = pagesFrom(3);
    const { takeUp, calls } = connect({ 'thread/turns/list': list }, options, { withoutItems: true });
    const [own] = await takeUp();
    expect(idsOf(own?.turns)).toEqual([1, 2, 3]);
    expect(calls('thread/resume')).toMatchObject([{ excludeTurns: true }]);
    expect(calls('thread/turns/list')).toEqual([{ threadId: 'own', limit: 10, itemsView: 'notLoaded' }]);
  });

  it('are asked for once more when they may be wrong, after a while', async () => {
    const { client, settings } = connect({ 'thread/turns/list': pagesFrom(12) });
    const { turns } = await lookAgain(client, 'own', settings);
    expect(turns).toHaveLength(12);
  });
});

describe('takeUpChildren', () => {
  const threads: Readonly<Record<string, object>> = {
    child: { ...IDLE, parentThreadId: 'own' },
    grandchild: { ...IDLE, parentThreadId: 'child' },
    stranger: { ...IDLE, parentThreadId: 'another', sessionId: 'another' },
    sibling: IDLE,
  };
  const list = { 'thread/loaded/list': () => ({ data: ['own', ...Object.keys(threads), 'gone'] }) };
  const read = ({ threadId }: Record<string, unknown>) => {
    const thread = threads[threadId as string];
    return thread ? { thread: { id: threadId, ...thread } } : `thread not found: ${threadId}`;
  };

  it('takes up the sub-agents of the thread, and no other thread; one that has gone is none', async () => {
    const { client, settings, calls } = connect({ ...list, 'thread/read': read }, LOCKED);
    const children = await takeUpChildren(client, { id: 'own', sessionId: 's' } as never, settings);
    expect(children.map(({ threadId }) => threadId)).toEqual(['child', 'grandchild']);
    expect(calls('thread/resume')).toMatchObject([{ threadId: 'child' }, { threadId: 'grandchild' }]);
  });

  it('is given up when one of them is not confined any more', async () => {
    const open = { ...resumed(), activePermissionProfile: { id: 'open' } };
    const { client, settings } = connect({ ...list, 'thread/read': read, 'thread/resume': () => open }, LOCKED);
    const taken = takeUpChildren(client, { id: 'own', sessionId: 's' } as never, settings);
    expect(await failureOf(taken)).toMatchObject({ code: 'sandbox-changed' });
  });
});
