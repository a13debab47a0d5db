#!/usr/bin/env node
// An app-server that does what the real one cannot be made to do. The behaviours are named as arguments.
import { createInterface } from 'node:readline';

const does = new Set(process.argv.slice(2));
const threadId = 'thread-1';
let turns = 0;
let refusals = 3;

const send = (message: unknown) => process.stdout.write(`${JSON.stringify(message)}\n`);
const tell = (method: string, params: object) => send({ method, params: { threadId, ...params } });

const RESULTS: Readonly<Record<string, unknown>> = {
  initialize: { userAgent: 'optio_codex/0.169.0 (fake)', codexHome: '/', platformFamily: 'unix', platformOs: 'linux' },
  'account/read': { account: null, requiresOpenaiAuth: false },
  'model/list': { data: [{ id: 'm1', supportedReasoningEfforts: [] }], nextCursor: null },
  'thread/start': { thread: { id: threadId, turns: [] }, model: 'm1', cwd: '/', activePermissionProfile: null },
};

function turnMessages(turnId: string): unknown[] {
  const item = { type: 'agentMessage', id: 'msg-1', text: 'answer', phase: null };
  return [
    { method: 'turn/started', params: { threadId, turn: { id: turnId } } },
    { method: 'item/started', params: { threadId, turnId, item: { ...item, text: '' } } },
    { method: 'item/completed', params: { threadId, turnId, item } },
    {
      method: 'turn/completed',
      params: { threadId, turn: { id: turnId, items: [], status: 'completed', error: null } },
    },
  ];
}

function startTurn(id: number): void {
  const turnId = `turn-${++turns}`;
  if (does.has('talks-nonsense')) talkNonsense();
  send({ id, result: { turn: { id: turnId, items: [], status: 'inProgress', error: null } } });
  for (const message of turnMessages(turnId)) send(message);
}

function talkNonsense(): void {
  process.stdout.write('Hello, I am a log line\n\u0000\u0001\n');
  send([1, 2, 3]);
  send(42);
  send(null);
  send({ neither: 'method nor result' });
  send({ id: 999_999, result: 'for nobody' });
  tell('something/new', { with: { unknown: ['fields'] } });
  tell('thread/status/changed', { status: { type: 'anUnheardOfStatus' } });
  tell('item/started', { turnId: 'turn-1', item: { type: 'aNewKindOfItem', id: 'x' } });
  send({ method: 'turn/started' });
  send({ id: 7, method: 'something/asked', params: {} });
}

if (does.has('floods-stderr')) process.stderr.write('e'.repeat(4 * 1024 * 1024));

for await (const line of createInterface({ input: process.stdin })) {
  const { id, method } = JSON.parse(line) as { id?: number; method?: string };
  if (id === undefined || method === undefined) {
    if (line.includes('-32601')) process.stderr.write('was refused\n');
    continue;
  }
  if (does.has('is-overloaded') && refusals-- > 0)
    send({ id, error: { code: -32001, message: 'Server overloaded; retry later.' } });
  else if (method === 'turn/start') startTurn(id);
  else send({ id, result: RESULTS[method] ?? {} });
}
