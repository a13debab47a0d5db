import { describe, expect, it } from 'vitest';
import { isNoSuchTurn, rejected } from '../../src/codex/rejection.ts';
import { OptioError } from '../../src/errors.ts';

const failed = (message: string, data?: unknown) =>
  new OptioError('call-failed', `"turn/start" failed: ${message}`, { data });

describe('isNoSuchTurn', () => {
  it.each(['no active turn to steer', 'no active turn to interrupt', 'expected active turn id `A` but found `B`'])(
    'knows it by the words of Codex: %s',
    (message) => expect(isNoSuchTurn(failed(message))).toBe(true),
  );

  it('takes nothing else for it', () => {
    expect(isNoSuchTurn(failed('input must not be empty'))).toBe(false);
    expect(isNoSuchTurn(new Error('no active turn to steer'))).toBe(false);
    expect(isNoSuchTurn(undefined)).toBe(false);
  });
});

describe('rejected', () => {
  it('tells the words of Codex and keeps its error', () => {
    const data = { code: -32600, message: 'thread not found: t' };
    expect(rejected(failed('thread not found: t', data))).toMatchObject({
      code: 'turn-rejected',
      message: 'Codex did not take the message: thread not found: t',
      details: { data },
    });
  });

  it('says what to do with a message that is too long', () => {
    const error = rejected(failed('Input exceeds the maximum length of 1048576 characters.'));
    expect(error).toMatchObject({ code: 'turn-rejected', remedy: expect.stringContaining('file') });
  });

  it('leaves a failure that is not of Codex’s making as it is', () => {
    const lost = new OptioError('connection-closed', 'gone');
    expect(rejected(lost)).toBe(lost);
  });
});
