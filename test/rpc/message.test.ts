import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classifyMessage } from '../../src/rpc/message.ts';

/** What can come over the wire. */
const json = fc.jsonValue();
const id = fc.oneof(fc.integer(), fc.string());
const noId = json.filter((value) => typeof value !== 'number' && typeof value !== 'string');
const noText = json.filter((value) => typeof value !== 'string');
const errorBody = fc.record(
  { code: fc.integer(), message: fc.string(), data: json },
  { requiredKeys: ['code', 'message'] },
);

/** Members that mean nothing to us, such as those of a newer protocol. */
const others = fc.dictionary(
  fc.string().filter((name) => !['id', 'method', 'params', 'result', 'error', '__proto__'].includes(name)),
  json,
);

describe('classifyMessage', () => {
  it('takes a method with an id for a request', () => {
    fc.assert(
      fc.property(id, fc.string(), json, others, (id, method, params, rest) => {
        expect(classifyMessage({ ...rest, id, method, params })).toEqual({ kind: 'request', id, method, params });
      }),
    );
  });

  it('takes a method without an id for a notification', () => {
    fc.assert(
      fc.property(fc.string(), json, others, (method, params, rest) => {
        expect(classifyMessage({ ...rest, method, params })).toEqual({ kind: 'notification', method, params });
      }),
    );
  });

  it('takes a result with an id for an answer', () => {
    fc.assert(
      fc.property(id, json, others, (id, result, rest) => {
        expect(classifyMessage({ ...rest, id, result })).toEqual({ kind: 'result', id, result });
      }),
    );
  });

  it('takes an error with an id for an answer, even beside a result', () => {
    fc.assert(
      fc.property(id, errorBody, fc.option(json, { nil: undefined }), others, (id, error, result, rest) => {
        expect(classifyMessage({ ...rest, id, error, result })).toEqual({ kind: 'error', id, error });
      }),
    );
  });

  it.each([
    [{ code: -1 }, { code: -1, message: 'no reason was given' }],
    [{ message: 'no' }, { code: -32603, message: 'no' }],
    [
      { code: '7', message: null, data: 1 },
      { code: -32603, message: 'no reason was given', data: 1 },
    ],
    [{}, { code: -32603, message: 'no reason was given' }],
  ])('takes the error %j for an answer, however little it says', (error, body) => {
    expect(classifyMessage({ id: 1, error })).toEqual({ kind: 'error', id: 1, error: body });
  });

  it('takes a result beside an empty error for an answer', () => {
    expect(classifyMessage({ id: 1, result: 2, error: null })).toEqual({ kind: 'result', id: 1, result: 2 });
  });

  it('knows no message with an id that is neither number nor text', () => {
    fc.assert(
      fc.property(noId, fc.string(), json, (id, method, result) => {
        expect(classifyMessage({ id, method })).toEqual({ kind: 'unknown' });
        expect(classifyMessage({ id, result })).toEqual({ kind: 'unknown' });
      }),
    );
  });

  it('knows no message with a method that is no text', () => {
    fc.assert(
      fc.property(id, noText, json, (id, method, result) => {
        expect(classifyMessage({ id, method, result })).toEqual({ kind: 'unknown' });
      }),
    );
  });

  it('knows no message in an id alone', () => {
    expect(classifyMessage({ id: 1 })).toEqual({ kind: 'unknown' });
  });

  it('sorts any JSON value without throwing', () => {
    const kinds = ['request', 'notification', 'result', 'error', 'unknown'];
    fc.assert(fc.property(json, (value) => kinds.includes(classifyMessage(value).kind)));
  });
});
