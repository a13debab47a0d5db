import { beforeEach, describe, expect, it } from 'vitest';
import { JournalMapper } from '../../src/codex/journal.ts';

const at = { threadId: 'mine', turnId: 'turn' };
const inTurn = { turnId: 'turn' };
let mapper: JournalMapper;
beforeEach(() => {
  mapper = new JournalMapper(
    () => 'mine',
    () => '/repo',
  );
});

const start = (item: object) => mapper.map('item/started', { ...at, item });
const complete = (item: object) => mapper.map('item/completed', { ...at, item });
const end = (more: object = {}) =>
  mapper.map('turn/completed', { threadId: 'mine', turn: { id: 'turn', status: 'completed', error: null, ...more } });
const tokens = (totalTokens: number) => {
  return { totalTokens, inputTokens: 1, cachedInputTokens: 2, outputTokens: 3, reasoningOutputTokens: 4 };
};

describe('JournalMapper, one notification at a time', () => {
  const delta = { ...at, itemId: 'i', delta: 'd' };
  const told = { type: 'item.delta', ...inTurn, itemId: 'i', delta: 'd' };

  it.each<[string, object, object[]]>([
    ['turn/started', { threadId: 'mine', turn: { id: 'turn' } }, [{ type: 'turn.started', turnId: 'turn' }]],
    ['item/agentMessage/delta', delta, [{ ...told, part: 'text' }]],
    ['item/plan/delta', delta, [{ ...told, part: 'plan' }]],
    ['item/commandExecution/outputDelta', delta, [{ ...told, part: 'output' }]],
    ['item/reasoning/summaryTextDelta', { ...delta, summaryIndex: 0 }, [{ ...told, part: 'summary' }]],
    ['item/reasoning/textDelta', { ...delta, contentIndex: 0 }, [{ ...told, part: 'reasoning' }]],
    ['item/reasoning/summaryPartAdded', { ...at, itemId: 'i', summaryIndex: 0 }, []],
    [
      'item/reasoning/summaryPartAdded',
      { ...at, itemId: 'i', summaryIndex: 1 },
      [{ ...told, part: 'summary', delta: '\n\n' }],
    ],
    [
      'turn/plan/updated',
      { ...at, explanation: 'why', plan: [{ step: 's', status: 'pending' }] },
      [{ type: 'plan.updated', ...inTurn, explanation: 'why', steps: [{ step: 's', status: 'pending' }] }],
    ],
    ['turn/diff/updated', { ...at, diff: 'd' }, [{ type: 'diff.updated', ...inTurn, diff: 'd' }]],
    ['configWarning', { summary: 's', details: 'd' }, [{ type: 'notice', level: 'info', message: 's d' }]],
    ['deprecationNotice', { summary: 's', details: null }, [{ type: 'notice', level: 'info', message: 's' }]],
    ['warning', { message: 'm' }, [{ type: 'notice', level: 'warning', message: 'm' }]],
    [
      'warning',
      { message: 'Model metadata for x not found' },
      [{ type: 'notice', level: 'info', message: 'Model metadata for x not found' }],
    ],
    ['guardianWarning', { message: 'm' }, [{ type: 'notice', level: 'warning', message: 'm' }]],
    ['error', { ...at, willRetry: false, error: { message: 'm' } }, []],
    [
      'error',
      { ...at, willRetry: true, error: { message: 'm', additionalDetails: 'd' } },
      [{ type: 'turn.retrying', ...inTurn, message: 'm: d' }],
    ],
    ['thread/status/changed', { threadId: 'mine', status: { type: 'idle' } }, []],
    ['serverRequest/resolved', { threadId: 'mine', requestId: 0 }, []],
  ])('maps %s', (method, params, events) => {
    expect(mapper.map(method, params)).toEqual(events);
  });

  it('maps the tokens and the settings of a thread', () => {
    const tokenUsage = { total: tokens(10), last: tokens(5), modelContextWindow: 1000 };
    expect(mapper.map('thread/tokenUsage/updated', { ...at, tokenUsage })).toEqual([
      {
        type: 'usage.updated',
        ...inTurn,
        total: { total: 10, input: 1, cached: 2, output: 3, reasoning: 4 },
        last: { total: 5, input: 1, cached: 2, output: 3, reasoning: 4 },
        contextWindow: 1000,
      },
    ]);
    const threadSettings = {
      model: 'm',
      effort: null,
      approvalPolicy: { granular: {} },
      activePermissionProfile: null,
    };
    expect(mapper.map('thread/settings/updated', { threadId: 'mine', threadSettings })).toEqual([
      { type: 'settings.updated', model: 'm', effort: null, approvalPolicy: 'granular', profile: null },
    ]);
  });

  it('calls a turn failed that we gave up, with the reason, although codex says that it was interrupted', () => {
    mapper.giveUp('turn', 'given up after 1 s');
    const ended = { threadId: 'mine', turn: { id: 'turn', status: 'interrupted', error: null } };
    expect(mapper.map('turn/completed', ended)).toEqual([
      { type: 'turn.ended', turnId: 'turn', status: 'failed', error: 'given up after 1 s' },
    ]);
    expect(mapper.map('turn/completed', ended)).toMatchObject([{ status: 'interrupted' }]);
  });

  it('names the thread when it is not the run’s own', () => {
    const events = mapper.map('turn/started', { threadId: 'a sub-agent', turn: { id: 'turn' } });
    expect(events).toEqual([{ type: 'turn.started', turnId: 'turn', threadId: 'a sub-agent' }]);
  });

  it.each<[string, unknown]>([
    ['something/new', { with: ['fields'] }],
    ['turn/started', undefined],
    ['turn/started', null],
    ['turn/completed', { threadId: 'mine' }],
    ['item/started', { ...at, item: null }],
    ['item/completed', 'text'],
    ['error', { willRetry: true }],
    ['thread/tokenUsage/updated', { ...at }],
    ['__proto__', {}],
  ])('keeps what it does not know, or cannot read, as it came: %s %j', (method, params) => {
    expect(mapper.map(method, params)).toEqual([{ type: 'codex.notification', method, params }]);
  });
});

describe('JournalMapper, over a turn', () => {
  const message = { type: 'agentMessage', id: 'm', text: '' };

  it('tells which message of ours a turn took', () => {
    const item = { type: 'userMessage', id: 'u', clientId: 'ours', content: [] };
    expect(start(item).at(-1)).toEqual({ type: 'message.taken', messageId: 'ours', turnId: 'turn' });
  });

  it('tells once that a message was taken, also when all that is told of it is its end', () => {
    const item = { type: 'userMessage', id: 'u', clientId: 'ours', content: [] };
    const taken = { type: 'message.taken', messageId: 'ours', turnId: 'turn' };
    expect([...start(item), ...complete(item)].filter(({ type }) => type === 'message.taken')).toEqual([taken]);
    expect(complete({ ...item, id: 'v' }).at(-1)).toEqual(taken);
  });

  it('drops what a steered message cuts, but no command', () => {
    start(message);
    start({ type: 'commandExecution', id: 'c' });
    const dropped = start({ type: 'userMessage', id: 'u', content: [] }).filter(({ type }) => type === 'item.dropped');
    expect(dropped).toEqual([{ type: 'item.dropped', ...inTurn, itemId: 'm', reason: 'steered' }]);
  });

  it('drops what a retry begins anew', () => {
    start(message);
    const [dropped] = mapper.map('error', { ...at, willRetry: true, error: { message: 'cut' } });
    expect(dropped).toEqual({ type: 'item.dropped', ...inTurn, itemId: 'm', reason: 'retry' });
  });

  it('drops what is open at the end of the turn, once, and leaves a command to end by itself', () => {
    start(message);
    start({ type: 'commandExecution', id: 'c' });
    expect(end({ durationMs: 5 })).toEqual([
      { type: 'item.dropped', ...inTurn, itemId: 'm', reason: 'turnEnded' },
      { type: 'turn.ended', ...inTurn, status: 'completed', durationMs: 5 },
    ]);
    expect(end()).toEqual([{ type: 'turn.ended', ...inTurn, status: 'completed' }]);
    expect(complete({ type: 'commandExecution', id: 'c', status: 'completed' })).toMatchObject([
      { type: 'item.completed', item: { status: 'completed' } },
    ]);
  });

  it('does not drop what was completed', () => {
    start(message);
    complete(message);
    expect(end()).toHaveLength(1);
  });

  it('takes items that end without a beginning, and deltas of nothing', () => {
    expect(complete(message)).toMatchObject([{ type: 'item.completed', item: { id: 'm' } }]);
    expect(mapper.map('item/agentMessage/delta', { ...at, itemId: 'unknown', delta: 'd' })).toHaveLength(1);
  });

  it.each(['__proto__', 'constructor', 'toString'])('takes %s for an id like any other', (id) => {
    start({ ...message, id });
    expect(end()[0]).toMatchObject({ type: 'item.dropped', itemId: id });
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it('tells why a turn failed', () => {
    expect(end({ status: 'failed', error: { message: 'no' } })).toMatchObject([{ status: 'failed', error: 'no' }]);
  });

  it('tells a diff and the limits when they are news', () => {
    const diff = (text: string) => mapper.map('turn/diff/updated', { ...at, diff: text });
    expect([diff('a'), diff('a'), diff('b')].map((events) => events.length)).toEqual([1, 0, 1]);
    const limits = (used: number) => mapper.map('account/rateLimits/updated', { used });
    expect([limits(1), limits(1), limits(2)].map((events) => events.length)).toEqual([1, 0, 1]);
  });

  it('tells a command that codex told nothing of', () => {
    const raw = (item: object) => mapper.map('rawResponseItem/completed', { ...at, item });
    expect(raw({ type: 'function_call', name: 'exec_command', arguments: '{"cmd":"ls"}', call_id: 'c' })).toEqual([]);
    const output = 'Process exited with code 1\nOutput:\ndenied';
    expect(raw({ type: 'function_call_output', call_id: 'c', output })).toMatchObject([
      { type: 'item.completed', item: { kind: 'command', command: 'ls', cwd: '/repo', exitCode: 1 } },
    ]);
  });

  it('ends a command whose start alone was told, and tells nothing of it twice', () => {
    const item = { type: 'commandExecution', id: 'c', command: 'ls', cwd: '/repo', status: 'inProgress' };
    const raw = (rawItem: object) => mapper.map('rawResponseItem/completed', { ...at, item: rawItem });
    raw({ type: 'function_call', name: 'exec_command', arguments: '{"cmd":"ls"}', call_id: 'c' });
    const types = (events: readonly { type: string }[]) => events.map(({ type }) => type);
    expect(types(mapper.map('item/started', { ...at, item }))).toEqual(['item.started']);
    const output = 'Process exited with code 1\nOutput:\ndenied';
    expect(types(raw({ type: 'function_call_output', call_id: 'c', output }))).toEqual(['item.completed']);
    const late = { ...item, status: 'failed', exitCode: 1 };
    for (const method of ['item/started', 'item/completed'])
      expect(mapper.map(method, { ...at, item: late }), method).toEqual([]);
    expect(types(mapper.map('turn/completed', { ...at, turn: { id: 'turn', status: 'completed' } }))).toEqual([
      'turn.ended',
    ]);
  });
});
