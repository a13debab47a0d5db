import { describe, expect, it } from 'vitest';
import { answerSchema, type Request, refusalOf, requestSchema } from '../../src/contract/request.ts';
import { COMMAND_REQUEST } from '../support/run-events.ts';

const { sandboxed, ...common } = COMMAND_REQUEST;
const REQUESTS: readonly Request[] = [
  COMMAND_REQUEST,
  { ...common, sandboxed, kind: 'fileChange', changes: [] },
  { ...common, sandboxed: 'unknown', kind: 'permissions', permissions: { network: true } },
  { ...common, sandboxed, kind: 'mcpTool', server: 's', message: 'may I?', arguments: {} },
  { ...common, kind: 'question', questions: [] },
  { ...common, kind: 'elicitation', server: 's', message: 'who are you?' },
];

describe('refusalOf', () => {
  it.each(REQUESTS.map((request) => [request.kind, request] as const))(
    'never allows anything: %s',
    (_kind, request) => {
      const refusal = refusalOf(requestSchema.parse(request), 'nobody is there');
      expect(answerSchema.parse(refusal)).toEqual(refusal);
      expect(JSON.stringify(refusal)).not.toMatch(/allow|accept/);
    },
  );

  it('says why where there is a place for it', () => {
    const refusal = { kind: 'decision', behavior: 'deny', message: 'nobody is there' };
    expect(refusalOf(COMMAND_REQUEST, 'nobody is there')).toEqual(refusal);
  });
});

describe('requestSchema', () => {
  it('wants an approval to say whether it is sandboxed', () => {
    expect(requestSchema.safeParse({ ...COMMAND_REQUEST, sandboxed: undefined }).success).toBe(false);
  });
});
