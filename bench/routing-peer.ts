// Answers a handshake like an app-server, and every `turn/start` with a flood of deltas and the end of the turn.
import { createInterface } from 'node:readline';

const count = Number(process.argv[2]);
const threadId = '01a202b8-c7aa-7bc1-b75f-8622390fdd09';
let turns = 0;

const RESULTS: Record<string, unknown> = {
  initialize: { userAgent: 'bench/0.169.0 (x)', codexHome: '/', platformFamily: 'unix', platformOs: 'linux' },
  'account/read': { account: null, requiresOpenaiAuth: false },
  'model/list': { data: [], nextCursor: null },
  'thread/start': { thread: { id: threadId, turns: [] }, model: 'm', cwd: '/', activePermissionProfile: null },
};

function tell(message: object): string {
  return `${JSON.stringify({ ...message, emittedAtMs: 1795341994245 })}\n`;
}

for await (const text of createInterface({ input: process.stdin })) {
  const { id, method } = JSON.parse(text) as { id?: number; method: string };
  if (method === 'turn/start') {
    const turnId = `01a202b8-c7f0-74f1-b59a-${String(++turns).padStart(12, '0')}`;
    const turn = { id: turnId, items: [], status: 'inProgress', error: null };
    const delta = { threadId, turnId, itemId: 'msg_1', delta: 'some forty characters of a text, or so…' };
    process.stdout.write(`${JSON.stringify({ id, result: { turn } })}\n`);
    process.stdout.write(tell({ method: 'turn/started', params: { threadId, turn } }));
    process.stdout.write(tell({ method: 'item/agentMessage/delta', params: delta }).repeat(count));
    process.stdout.write(
      tell({ method: 'turn/completed', params: { threadId, turn: { ...turn, status: 'completed' } } }),
    );
  } else if (id !== undefined) process.stdout.write(`${JSON.stringify({ id, result: RESULTS[method] ?? {} })}\n`);
}
