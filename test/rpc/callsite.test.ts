import { describe, expect, it } from 'vitest';
import { rememberCaller } from '../../src/rpc/callsite.ts';

describe('rememberCaller', () => {
  const callee = () => rememberCaller(callee);
  const caller = () => callee();

  it('makes errors that come from where the call was made', () => {
    const [first, second] = caller()('call-failed', 'no').stack?.split('\n') ?? [];
    expect(first).toBe('OptioError: no');
    expect(second).toContain('caller');
  });

  it('makes errors with code, message and details', () => {
    const error = caller()('overloaded', 'busy', { data: 1 });
    expect(error).toMatchObject({ code: 'overloaded', message: 'busy', details: { data: 1 } });
  });

  it('makes a new error for each failure', () => {
    const failAt = caller();
    expect(failAt('internal', 'a')).not.toBe(failAt('internal', 'a'));
  });
});
