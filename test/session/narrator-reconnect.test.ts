import { describe, expect, it } from 'vitest';
import type { RunEventBody } from '../../src/contract/event.ts';
import type { RunView } from '../../src/contract/view.ts';
import { AccessGuard } from '../../src/session/guard.ts';
import { Narrator } from '../../src/session/narrator.ts';
import { own } from '../support/events.ts';
import {
  type Answers,
  attachMemoryCodex,
  type MemoryCodex,
  settled,
  startMemoryCodex,
  THREAD,
} from '../support/memory-codex.ts';
import { endRun, makeRun, readEvents } from '../support/memory-run.ts';

const said = { type: 'agentMessage', id: 'answer', text: 'done', phase: null };

/** How a turn with a message and an answer is told around the loss of a connection. */
interface Course {
  /** Before the loss. */
  readonly before?: (codex: MemoryCodex, message: object) => Promise<void>;
  /** By the new connection, while the thread is looked at. */
  readonly meanwhile?: (codex: MemoryCodex, message: object) => Promise<void>;
  /** What the thread holds then. */
  readonly snapshot?: (message: object) => object;
  /** By the new connection, once it is taken up. */
  readonly after?: (codex: MemoryCodex, message: object) => Promise<void>;
}

const turn = (status: string, items: object[]) => ({ id: 'turn-1', status, items, error: null });
const wholly = async (codex: MemoryCodex, item: object) => {
  await codex.start('turn-1', item);
  await codex.complete('turn-1', item);
};
const answer = async (codex: MemoryCodex) => {
  await wholly(codex, said);
  await codex.end('turn-1', { items: [said] });
};

/** What the journal of a run has of such a turn, a word for each event. */
async function journalOf({ before, meanwhile, snapshot, after }: Course): Promise<string[]> {
  let codex: MemoryCodex | undefined;
  let message: object = {};
  const answers: Answers = {
    'thread/resume': async () => {
      if (codex) await meanwhile?.(codex, message);
      return { result: { thread: { id: THREAD, turns: snapshot ? [snapshot(message)] : [] } } };
    },
  };
  const reconnect = async () => codex?.connect() ?? Promise.reject(new Error('there is no codex'));
  const started = await startMemoryCodex({ answers, link: { reconnect } });
  codex = started.codex;
  const events: RunEventBody[] = [];
  const context = Object.assign(makeRun(), { emit: (event: RunEventBody) => void events.push(event) });
  const guard = new AccessGuard(context.host, { denied: [], readable: [], writable: [] });
  const { completed } = await new Narrator(context, started.conversation, guard).send({ text: 'go' });
  const [sent] = codex.calls('turn/start') as { clientUserMessageId: string }[];
  message = { type: 'userMessage', id: 'message', clientId: sent?.clientUserMessageId, content: [] };
  await before?.(codex, message);
  codex.hangUp();
  await started.event(own('x-optio-reconnected'));
  await settled();
  await after?.(codex, message);
  await expect(completed).resolves.toMatchObject({ text: 'done', messages: ['done'] });
  return events.flatMap((event) => {
    if (event.type === 'item.completed') return `${event.item.id} completed`;
    if (event.type === 'item.started') return `${event.item.id} started`;
    return /^(message\.taken|turn\.)/.test(event.type) ? event.type : [];
  });
}

const WHOLE = [
  'turn.started',
  'message started',
  'message.taken',
  'message completed',
  'answer started',
  'answer completed',
  'turn.ended',
];

describe('a turn around a lost connection is in the journal once, and its message is taken once', () => {
  it.each<[string, Course]>([
    [
      'told before the loss, and held by the thread as well',
      {
        before: async (codex, message) => {
          await codex.begin('turn-1');
          await wholly(codex, message);
        },
        snapshot: (message) => turn('inProgress', [message]),
        after: answer,
      },
    ],
    ['held by the thread only', { snapshot: (message) => turn('completed', [message, said]) }],
    [
      'held by the thread, and told by the new connection as well',
      {
        meanwhile: async (codex, message) => {
          await codex.begin('turn-1');
          await wholly(codex, message);
          await answer(codex);
        },
        snapshot: (message) => turn('completed', [message, said]),
      },
    ],
    [
      'held by the thread as far as it had come, and told from there on by the new connection',
      {
        meanwhile: (codex, message) => codex.complete('turn-1', message),
        snapshot: (message) => turn('inProgress', [message]),
        after: answer,
      },
    ],
    [
      'told by the new connection only',
      {
        meanwhile: async (codex, message) => {
          await codex.begin('turn-1');
          await wholly(codex, message);
        },
        after: answer,
      },
    ],
  ])('%s', async (_, course) => {
    expect(await journalOf(course)).toEqual(WHOLE);
  });

  it('also when all that is told of the message is its end', async () => {
    const told = await journalOf({
      after: async (codex, message) => {
        await codex.complete('turn-1', message);
        await answer(codex);
      },
      snapshot: () => turn('inProgress', []),
    });
    expect(told).toEqual(['turn.started', 'message completed', 'message.taken', ...WHOLE.slice(4)]);
  });
});

it('tells once that a request was refused, though Codex asks again after the process has died that told it', async () => {
  const run = makeRun();
  const guard = new AccessGuard(run.host, { denied: [], readable: [], writable: [] });
  const refusals: string[] = [];
  const ask = async (id: number, before?: RunView) => {
    const { codex, conversation } = await startMemoryCodex({ conversation: { permissionGate: true } });
    new Narrator(run, conversation, guard, before);
    await codex.ask(id, 'item/permissions/requestApproval', { permissions: { network: { enabled: true } } });
    await settled();
    expect(codex.replies(id)).toHaveLength(1);
  };
  await ask(0);
  const before = await run.history();
  await ask(0, before);
  await ask(1, before);
  endRun(run);
  for (const event of await readEvents(run)) if (event.type === 'request.refused') refusals.push(event.request.id);
  expect(refusals).toHaveLength(2);
  expect(new Set(refusals).size).toBe(2);
});

it('tells once what Codex warns of again whenever somebody takes up its thread', async () => {
  const run = makeRun();
  const guard = new AccessGuard(run.host, { denied: [], readable: [], writable: [] });
  const answers = { 'account/read': () => ({ result: { account: null, requiresOpenaiAuth: true } }) };
  const takeUp = async (before?: RunView) => {
    const { codex, conversation } = attachMemoryCodex({ answers });
    new Narrator(run, conversation, guard, before);
    await conversation.bootstrap();
    await codex.tell('configWarning', { summary: 'could not find bubblewrap', details: null });
    await codex.tell('warning', { message: 'before each turn' });
    await codex.tell('warning', { message: 'before each turn' });
    if (before) await codex.tell('warning', { message: 'this is new' });
  };
  await takeUp();
  await takeUp(await run.history());
  expect((await run.history()).notices.map(({ message }) => message)).toEqual([
    'Codex is not logged in; the provider may refuse its requests',
    'could not find bubblewrap',
    'before each turn',
    'this is new',
  ]);
});
