import { expect } from 'vitest';
import type { RunEvent } from '../../src/contract/event.ts';
import type { Answer, Request } from '../../src/contract/request.ts';
import type { ApprovalRule } from '../../src/contract/rule.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import type { RunContext } from '../../src/task/context.ts';
import type { OpenedRequest, Task } from '../../src/task/task.ts';
import { done, type OpenEngine, openEngine, taskOf } from './engine.ts';

export const request: Extract<Request, { kind: 'command' }> = {
  kind: 'command',
  id: 'q-1',
  threadId: 'main',
  turnId: null,
  itemId: null,
  sandboxed: 'no',
  command: 'make all',
  cwd: '/ws',
  workspace: '/ws',
};
export const question: Request = {
  ...{ kind: 'question', id: 'q-2', threadId: 'main', turnId: null, itemId: null },
  questions: [{ id: 'pin', header: '', question: 'Which?', options: [], allowsOther: true, isSecret: true }],
};
export const allow: Answer = { kind: 'decision', behavior: 'allow' };
export const deny: Answer = { kind: 'decision', behavior: 'deny' };
export const build: ApprovalRule = {
  name: 'build',
  behavior: 'allow',
  matches: { kind: 'command', prefixes: [['make']] },
  sandboxed: 'any',
};

/** Asks one thing as a session would, and ends with the answer that it was given. */
export const asking =
  (asked: Request) =>
  async (context: RunContext): Promise<ReturnType<typeof done>> => {
    const { answer, by } = await context.ask(asked, context.signal);
    return done(JSON.stringify({ answer, by }));
  };
export const givenTo = (engine: Engine, id: string) => engine.runs.outcome(id).then(({ text }) => JSON.parse(text));

export async function eventsOf(engine: Engine, runId: string): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  for await (const event of engine.runs.events(runId)) events.push(event);
  return events;
}
export const requestEventsOf = async (engine: Engine, runId: string) =>
  (await eventsOf(engine, runId)).filter(({ type }) => type.startsWith('request.'));

/** Resolves when the request is written down and somebody was told. */
export function whenAsked(): { asked: Promise<OpenedRequest>; onRequest: NonNullable<Task['onRequest']> } {
  const { promise: asked, resolve: onRequest } = Promise.withResolvers<OpenedRequest>();
  return { asked, onRequest };
}

/** A run that has asked, and whose process has died before anybody answered. */
export async function diedAsking(asked: Request, more: Partial<Task> = {}): Promise<{ first: OpenEngine; id: string }> {
  const first = await openEngine();
  const waiting = whenAsked();
  await first.engine.tasks.define(taskOf(asking(asked), { ...more, onRequest: waiting.onRequest }));
  const { id } = await first.engine.launch('task');
  await waiting.asked;
  await first.die();
  return { first, id };
}

export async function answerWhileAway(directory: string, runId: string, requestId: string, answer: Answer, by: string) {
  const store = await openSqliteStore(directory);
  expect(await store.requests.answer(runId, requestId, { answer, by })).toBe(true);
  await store.close();
}
