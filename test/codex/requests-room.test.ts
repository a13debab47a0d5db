import { describe, expect, it } from 'vitest';
import { RequestDesk } from '../../src/codex/requests.ts';
import type { IncomingRequest } from '../../src/rpc/connection.ts';
import { settled } from '../support/memory-codex.ts';

const BOUND = 64 * 1024 * 1024;
const COMMAND = 'item/commandExecution/requestApproval';
const QUESTION = 'item/tool/requestUserInput';
const TOOL = 'item/tool/call';

/** A desk whose handlers of approvals and questions never answer. */
function make() {
  const told: unknown[] = [];
  const asked: unknown[] = [];
  const desk = new RequestDesk({
    permissionGate: true,
    context: () => ({ cwd: '/', profile: null, approvalPolicy: 'untrusted', changesOf: () => [] }),
    reply: async ({ id }, result) => void told.push([id, result]),
    refuse: async ({ id }, message) => void told.push([id, message]),
    onUnanswered: ({ id }) => told.push(`${id} unanswered`),
    onInterrupt() {},
  });
  for (const kind of ['approval', 'question'] as const) {
    desk.handle(kind, (request) => {
      asked.push(request.itemId);
      return new Promise(() => {});
    });
  }
  const receive = (id: number, method: string, bytes: number) => {
    const params = { threadId: 't', turnId: 'turn', itemId: `item of ${id}`, command: 'ls', questions: [] };
    const wire: IncomingRequest = { id, method, params };
    desk.receive(wire, bytes);
  };
  return { desk, told, asked, receive };
}

describe('requests that have taken all the room', () => {
  it('leave none for others, which are refused and told', () => {
    const { desk, told, asked, receive } = make();
    desk.handleProgram(TOOL, () => ({}) as never);
    receive(0, COMMAND, BOUND);
    receive(1, COMMAND, 1);
    receive(2, QUESTION, 1);
    receive(3, TOOL, 1);
    const why = 'too much waits for an answer already';
    expect(told).toEqual([
      [1, { decision: 'decline' }],
      '1 unanswered',
      [2, why],
      '2 unanswered',
      [3, why],
      '3 unanswered',
    ]);
    expect(asked).toEqual(['item of 0']);
  });

  it('leave it when they are settled, and take it once however often they are repeated', () => {
    const { desk, asked, receive } = make();
    for (let time = 0; time < 2; time++) receive(0, COMMAND, BOUND);
    desk.resolved(0);
    receive(1, COMMAND, BOUND);
    expect(asked).toEqual(['item of 0', 'item of 1']);
  });

  it('are those of programs too, as long as their handlers are at work', async () => {
    const { desk, told, receive } = make();
    desk.handleProgram(TOOL, async () => ({}) as never);
    for (const id of [0, 1]) receive(id, TOOL, BOUND);
    await settled();
    receive(2, TOOL, BOUND);
    await settled();
    expect(told.filter((entry) => typeof entry === 'string')).toEqual(['1 unanswered']);
  });
});
