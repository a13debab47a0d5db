import { describe, expect, it } from 'vitest';
import { RequestDesk, type RequestDeskOptions } from '../../src/codex/requests.ts';
import type { Answer, Request } from '../../src/contract/request.ts';
import { OptioError } from '../../src/errors.ts';
import type { IncomingRequest } from '../../src/rpc/connection.ts';
import { settled } from '../support/memory-codex.ts';

const COMMAND = 'item/commandExecution/requestApproval';
const QUESTION = 'item/tool/requestUserInput';
const ELICITATION = 'mcpServer/elicitation/request';
const ALLOW: Answer = { kind: 'decision', behavior: 'allow' };

const wire = (id: number | string, method: string, params: object = {}): IncomingRequest => ({
  id,
  method,
  params: { threadId: 't', turnId: 'turn', itemId: `item of ${id}`, command: 'ls', questions: [], ...params },
});

function make(more: Partial<RequestDeskOptions> = {}) {
  const told: unknown[] = [];
  const desk = new RequestDesk({
    permissionGate: true,
    context: () => ({ cwd: '/', profile: null, approvalPolicy: 'untrusted', changesOf: () => [] }),
    reply: async ({ id }, result) => void told.push([id, result]),
    refuse: async ({ id }, message) => void told.push([id, message]),
    onUnanswered: ({ id }) => told.push(`${id} unanswered`),
    onInterrupt: ({ kind }) => told.push(`${kind} interrupts`),
    ...more,
  });
  return { desk, told };
}

/** A handler that answers when the test says so. */
function askPerson() {
  const asked: { request: Request; signal: AbortSignal; answer: (answer: Answer) => void }[] = [];
  const handler = (request: Request, _wire: IncomingRequest, signal: AbortSignal) =>
    new Promise<Answer>((resolve) => asked.push({ request, signal, answer: resolve }));
  return { asked, handler };
}

describe('approvals', () => {
  it('wait for the first handler, and are asked once although another takes its place', async () => {
    const { desk, told } = make();
    desk.receive(wire(0, COMMAND), 100);
    desk.receive(wire('0', COMMAND), 100);
    await settled();
    expect(told).toEqual([]);
    const { asked, handler } = askPerson();
    desk.handle('approval', handler);
    desk.handle('approval', async () => ALLOW);
    expect(asked).toHaveLength(2);
    for (const { answer } of asked) answer(ALLOW);
    await settled();
    expect(told).toEqual([
      [0, { decision: 'accept' }],
      ['0', { decision: 'accept' }],
    ]);
  });

  it('are denied at once where nobody is there', () => {
    const { desk, told } = make({ permissionGate: false });
    desk.handle('approval', async () => ALLOW);
    desk.receive(wire(0, COMMAND), 100);
    expect(told).toEqual([[0, { decision: 'decline' }]]);
  });

  it.each<[string, () => unknown]>([
    ['throws', () => Promise.reject(new Error('broken'))],
    ['throws nothing at all', () => Promise.reject(undefined)],
    ['answers nothing', async () => undefined],
    ['answers another question', async () => ({ kind: 'answers', answers: {} })],
    ['answers with a word that does not exist', async () => ({ kind: 'decision', behavior: 'perhaps' })],
  ])('are denied by a handler that %s', async (_, handler) => {
    const { desk, told } = make();
    desk.handle('approval', handler as never);
    desk.receive(wire(0, COMMAND), 100);
    await settled();
    expect(told).toEqual([[0, { decision: 'decline' }]]);
  });

  it('that end their turn say so before they are answered', async () => {
    const { desk, told } = make();
    desk.handle('approval', async () => ({ kind: 'decision', behavior: 'deny', interrupt: true }));
    desk.receive(wire(0, COMMAND), 100);
    await settled();
    expect(told).toEqual(['command interrupts', [0, { decision: 'cancel' }]]);
  });

  it('are withdrawn when they are settled elsewhere, when their turn ends, and when all ends; nothing is sent then', async () => {
    const { desk, told } = make();
    const { asked, handler } = askPerson();
    desk.handle('approval', handler);
    for (const id of [0, 1, 2]) desk.receive(wire(id, COMMAND, { turnId: `turn ${id}` }), 100);
    desk.resolved(0);
    desk.turnEnded('turn 1');
    expect(asked.map(({ signal }) => signal.aborted)).toEqual([true, true, false]);
    const reason = new OptioError('codex-exited', 'it has ended');
    desk.close(reason);
    expect(asked[2]?.signal.reason).toBe(reason);
    for (const { answer } of asked) answer(ALLOW);
    await settled();
    expect(told).toEqual([]);
  });
});

describe('a request that Codex repeats', () => {
  it('is not asked again, and gets its answer again when that was lost', async () => {
    const { desk, told } = make();
    const { asked, handler } = askPerson();
    desk.handle('approval', handler);
    for (let time = 0; time < 2; time++) desk.receive(wire(0, COMMAND), 100);
    asked[0]?.answer(ALLOW);
    await settled();
    desk.receive(wire(0, COMMAND), 100);
    await settled();
    expect(asked).toHaveLength(1);
    expect(told).toEqual(Array.from({ length: 2 }, () => [0, { decision: 'accept' }]));
  });

  it('is another one when it is about something else: the answer to the old one does not go to it', async () => {
    const { desk, told } = make();
    const { asked, handler } = askPerson();
    desk.handle('approval', handler);
    desk.receive(wire(0, COMMAND, { itemId: 'harmless' }), 100);
    desk.receive(wire(0, COMMAND, { itemId: 'harmful' }), 100);
    expect(asked.map(({ request, signal }) => [request.itemId, signal.aborted])).toEqual([
      ['harmless', true],
      ['harmful', false],
    ]);
    asked[0]?.answer(ALLOW);
    await settled();
    expect(told).toEqual([]);
  });

  it('does not run a program’s handler twice at a time', async () => {
    const { desk, told } = make();
    const result = Promise.withResolvers<never>();
    let runs = 0;
    desk.handleProgram('item/tool/call', () => {
      runs++;
      return result.promise;
    });
    for (let time = 0; time < 2; time++) desk.receive(wire(0, 'item/tool/call'), 100);
    result.resolve({ success: true } as never);
    await settled();
    expect([runs, told]).toEqual([1, [[0, { success: true }]]]);
  });
});

describe('other requests', () => {
  it('are refused, and told, when nobody handles them', () => {
    const { desk, told } = make();
    desk.receive(wire(0, QUESTION), 100);
    desk.receive(wire('x', 'item/tool/call'), 100);
    desk.receive(wire(1, 'something/new'), 100);
    desk.receive(wire(2, ELICITATION, { serverName: 's', message: 'm' }), 100);
    expect(told).toEqual([
      [0, `nobody here answers "${QUESTION}"`],
      '0 unanswered',
      ['x', 'nobody here answers "item/tool/call"'],
      'x unanswered',
      [1, 'nobody here answers "something/new"'],
      '1 unanswered',
      [2, { action: 'decline', content: null, _meta: null }],
      '2 unanswered',
    ]);
  });

  it('go to their handler until it is removed; the removal of an older one does nothing', async () => {
    const { desk, told } = make();
    const removeFirst = desk.handle('question', async () => ({ kind: 'answers', answers: { q: ['first'] } }));
    const remove = desk.handle('question', async () => ({ kind: 'answers', answers: { q: ['second'] } }));
    removeFirst();
    desk.receive(wire(0, QUESTION), 100);
    await settled();
    expect(told).toEqual([[0, { answers: { q: { answers: ['second'] } } }]]);
    remove();
    desk.receive(wire(1, QUESTION), 100);
    expect(told.at(-1)).toBe('1 unanswered');
  });

  it('are refused with the words of a program’s handler that throws, or whose answer cannot be sent', async () => {
    const cannotSend = async ({ id }: IncomingRequest) => {
      if (id === 1) throw new OptioError('invalid-input', 'it is circular');
    };
    const { desk, told } = make({ reply: cannotSend });
    const remove = desk.handleProgram('item/tool/call', () => {
      throw 'not today';
    });
    desk.receive(wire(0, 'item/tool/call'), 100);
    remove();
    desk.handleProgram('item/tool/call', () => ({}) as never);
    desk.receive(wire(1, 'item/tool/call'), 100);
    await settled();
    expect(told).toEqual([
      [0, 'not today'],
      [1, 'the answer cannot be sent: it is circular'],
    ]);
  });

  it('are not refused when the connection broke: Codex repeats them on the next one', async () => {
    const { desk, told } = make({ reply: () => Promise.reject(new OptioError('connection-closed', 'torn')) });
    desk.handleProgram('item/tool/call', () => ({}) as never);
    desk.receive(wire(0, 'item/tool/call'), 100);
    await settled();
    expect(told).toEqual([]);
  });
});

describe('a request that is not as Codex would send it', () => {
  it.each<[string, object | null]>([
    [COMMAND, { command: 5 }],
    [COMMAND, { threadId: 7 }],
    [COMMAND, { reason: { an: 'object' } }],
    [COMMAND, null],
    [QUESTION, { questions: 'all of them' }],
    [QUESTION, { questions: [null] }],
    [ELICITATION, { serverName: 's', message: null }],
    ['__proto__', {}],
    ['toString', {}],
  ])('%s with %j is refused, since it cannot be shown to anybody', (method, params) => {
    const { desk, told } = make();
    for (const kind of ['approval', 'question', 'elicitation'] as const) desk.handle(kind, async () => ALLOW);
    desk.receive(params ? wire(0, method, params) : { id: 0, method, params }, 100);
    expect(told).toEqual([[0, `nobody here answers "${method}"`], '0 unanswered']);
  });
});
