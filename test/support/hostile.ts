import fc from 'fast-check';
import { THREAD } from './memory-codex.ts';

/** Everything of Codex's that this code looks into. */
const METHODS = [
  'turn/started',
  'turn/completed',
  'error',
  'item/started',
  'item/completed',
  'rawResponseItem/completed',
  'item/agentMessage/delta',
  'item/plan/delta',
  'item/commandExecution/outputDelta',
  'item/reasoning/summaryTextDelta',
  'item/reasoning/textDelta',
  'item/reasoning/summaryPartAdded',
  'item/fileChange/patchUpdated',
  'turn/plan/updated',
  'turn/diff/updated',
  'thread/tokenUsage/updated',
  'thread/settings/updated',
  'account/rateLimits/updated',
  'serverRequest/resolved',
  'configWarning',
  'deprecationNotice',
  'warning',
  'guardianWarning',
  'something/new',
  '__proto__',
] as const;
const REQUESTS = [
  'item/commandExecution/requestApproval',
  'item/fileChange/requestApproval',
  'item/permissions/requestApproval',
  'mcpServer/elicitation/request',
  'item/tool/requestUserInput',
  'item/tool/call',
  'something/asked',
] as const;
const TYPES = ['userMessage', 'agentMessage', 'reasoning', 'commandExecution', 'fileChange', 'mcpToolCall', 'plan'];

/** Any JSON, not deep. */
export const anything = fc.jsonValue({ maxDepth: 2 });
const id = fc.constantFrom<unknown>('turn-1', 'turn-9', '__proto__', 'constructor', 0, 7, null);
/** A field as it should be, or nearly: hostile values at the places where the code looks. */
export const maybe = (sound: fc.Arbitrary<unknown>) => fc.oneof({ weight: 3, arbitrary: sound }, anything);
const status = maybe(fc.constantFrom('completed', 'interrupted', 'failed', 'inProgress', 'paused'));
const item = maybe(
  fc.record(
    {
      type: maybe(fc.constantFrom(...TYPES)),
      id,
      clientId: maybe(fc.string()),
      text: maybe(fc.string()),
      content: maybe(fc.array(maybe(fc.record({ type: fc.constant('text'), text: anything })))),
      summary: anything,
      changes: maybe(fc.array(maybe(fc.record({ path: anything, kind: anything, diff: anything })))),
      command: maybe(fc.string()),
      status,
    },
    { requiredKeys: ['type', 'id'] },
  ),
);
const params = maybe(
  fc.record(
    {
      threadId: maybe(fc.constant(THREAD)),
      turnId: id,
      itemId: id,
      item,
      turn: maybe(fc.record({ id, items: maybe(fc.array(item)), status, error: anything }, { requiredKeys: ['id'] })),
      delta: maybe(fc.string()),
      error: anything,
      willRetry: maybe(fc.boolean()),
      plan: anything,
      diff: anything,
      tokenUsage: maybe(fc.record({ total: anything, last: anything })),
      threadSettings: anything,
      requestId: id,
      summary: anything,
      message: anything,
      questions: anything,
      command: anything,
      permissions: anything,
    },
    { requiredKeys: [] },
  ),
);
/** Notifications of every method that is looked into, nearly sound. */
export const notifications = fc.record({ method: fc.constantFrom(...METHODS), params });
/** Requests of every method that somebody might answer, nearly sound. */
export const requests = fc.record({
  id: fc.oneof(fc.nat(3), fc.string()),
  method: fc.constantFrom(...REQUESTS),
  params,
});
