// Answers a handshake like an app-server, and every `turn/start` with a flood of deltas.
import { createInterface } from 'node:readline';

const count = Number(process.argv[2]);
const threadId = '01a202b8-c7aa-7bc1-b75f-8622390fdd09';
const turnId = '01a202b8-c7f0-74f1-b59a-37f91646f7c0';

const RESULTS: Record<string, unknown> = {
  initialize: { userAgent: 'bench/0.169.0 (x)', codexHome: '/', platformFamily: 'unix', platformOs: 'linux' },
  'account/read': { account: null, requiresOpenaiAuth: false },
  'model/list': { data: [], nextCursor: null },
  'thread/start': { thread: { id: threadId, turns: [] }, model: 'm', cwd: '/', activePermissionProfile: null },
  'turn/start': { turn: { id: turnId, items: [], status: 'inProgress', error: null } },
};

const delta = { threadId, turnId, itemId: 'msg_1', delta: 'some forty characters of a text, or so…' };
const line = `${JSON.stringify({ method: 'item/agentMessage/delta', params: delta, emittedAtMs: 1795341994245 })}\n`;

for await (const text of createInterface({ input: process.stdin })) {
  const { id, method } = JSON.parse(text) as { id?: number; method: string };
  if (id !== undefined) process.stdout.write(`${JSON.stringify({ id, result: RESULTS[method] ?? {} })}\n`);
  if (method === 'turn/start') process.stdout.write(line.repeat(count));
}
