import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { errorRecordSchema } from '../src/contract/outcome.ts';
import { ConversationClosed, ERROR_CODES, fromUnknown, HostCommandError, OptioError } from '../src/errors.ts';

describe('OptioError', () => {
  it('carries its code, its remedy and its cause', () => {
    const cause = new Error('deeper');
    const error = new OptioError('not-found', 'no file', { remedy: 'Make it.', cause, field: 'file' });
    expect(error).toMatchObject({
      name: 'OptioError',
      code: 'not-found',
      message: 'no file',
      remedy: 'Make it.',
      cause,
    });
    expect(error.details.field).toBe('file');
  });

  it('has no cause when it was given none', () => {
    expect('cause' in new OptioError('internal', 'x')).toBe(false);
  });

  it('is shown with what a person needs first, and with its cause once', () => {
    const cause = new TypeError('deeper');
    const error = new OptioError('git-failed', 'no luck', { remedy: 'Try git init.', cause, exitCode: 128 });
    const lines = inspect(error).split('\n');
    expect(lines.slice(0, 3)).toEqual(['OptioError: no luck', '  Try git init.', '  (git-failed) { exitCode: 128 }']);
    expect(lines[3]).toMatch(/^ {4}at .*errors\.test\.ts/);
    expect(lines.filter((line) => line.includes('TypeError: deeper'))).toEqual(['  [cause]: TypeError: deeper']);
    expect(inspect({ error }), 'also where it is part of something else').toContain('Try git init.');
  });

  it('is shown with its cause once where Node itself shows it, as one that nobody catches', () => {
    const error = new OptioError('internal', 'x', { remedy: 'Try.', cause: new TypeError('deeper') });
    const shown = inspect(error, { customInspect: false });
    expect(shown.match(/TypeError: deeper/g)).toHaveLength(1);
    expect(shown).toContain("remedy: 'Try.'");
  });

  it.each([
    [new ConversationClosed(), 'conversation-closed', 'ConversationClosed'],
    [new HostCommandError('ls failed', { exitCode: 2 }), 'host-command-failed', 'HostCommandError'],
  ])('is the class of every named one: %s', (error, code, name) => {
    expect(error).toBeInstanceOf(OptioError);
    expect(error).toMatchObject({ code, name });
  });
});

describe('ERROR_CODES', () => {
  it('is in alphabetical order, and names each code once', () => {
    expect(ERROR_CODES).toEqual([...new Set(ERROR_CODES)].toSorted());
  });

  it('is what an error record may carry', () => {
    expect(errorRecordSchema.shape.code.options).toEqual([...ERROR_CODES]);
  });
});

describe('fromUnknown', () => {
  it('lets one of ours pass as it is', () => {
    const error = new ConversationClosed();
    expect(fromUnknown(error, 'internal')).toBe(error);
  });

  it('keeps the message of an error, and the error as the cause', () => {
    const cause = new TypeError('x is not a function');
    expect(fromUnknown(cause, 'git-failed')).toMatchObject({ code: 'git-failed', message: cause.message, cause });
  });

  it('calls what it knows nothing about internal', () => {
    expect(fromUnknown(new Error('x')).code).toBe('internal');
  });

  it('knows an aborted signal by its reason', () => {
    const { reason } = AbortSignal.abort();
    expect(fromUnknown(reason, 'git-failed')).toMatchObject({ code: 'aborted', cause: reason });
  });

  it.each([
    ['text', 'text'],
    [42, '42'],
    [null, 'null'],
    [undefined, 'undefined'],
    [{ toString: () => 'an object' }, 'an object'],
    [Object.create(null), 'something was thrown that has no text'],
  ])('makes an error of %o, which is none', (thrown, message) => {
    expect(fromUnknown(thrown)).toMatchObject({ code: 'internal', message });
  });
});
