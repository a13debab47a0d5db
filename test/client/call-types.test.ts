import { describe, expect, it } from 'vitest';
import type { CallInput } from '../../src/client/call.ts';
import type { Routes } from '../../src/contract/routes.ts';

/** What a route may be called with; the compiler looks at it. */
const input = <Name extends keyof Routes>(_name: Name, given: CallInput<Routes[Name]>): unknown => given;

describe('a call', () => {
  it('that is wrong is found by the compiler', () => {
    const wrong = [
      // @ts-expect-error: the run is not named
      () => input('cancelRun', { body: {} }),
      // @ts-expect-error: it is called something else
      () => input('showTask', { params: { run: 'nightly' } }),
      // @ts-expect-error: the body is missing
      () => input('cancelRun', { params: { run: 'run-1' } }),
      // @ts-expect-error: a budget has no such field
      () => input('raiseBudget', { params: { run: 'run-1' }, body: { hours: 3 } }),
      // @ts-expect-error: there is no such order
      () => input('listRuns', { query: { sort: 'colour' } }),
      // @ts-expect-error: what makes something says by which key
      () => input('startDemo', { body: {} }),
      // @ts-expect-error: a file is bytes
      () => input('writeFile', { params: { run: 'run-1' }, body: 'text' }),
    ];
    expect(wrong.length).toBe(7);
    expect(input('listTasks', {})).toEqual({});
  });
});
