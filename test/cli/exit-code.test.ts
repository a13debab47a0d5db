import { describe, expect, it } from 'vitest';
import { exitCodeOfRun } from '../../src/cli/exit-code.ts';
import type { RunOutcome } from '../../src/contract/outcome.ts';
import { NO_USAGE } from '../../src/contract/usage.ts';
import type { ErrorCode } from '../../src/errors.ts';

const OUTCOME = { text: '', durationMs: 0, usage: NO_USAGE, turns: 0 };

describe('exitCodeOfRun', () => {
  it.each<[RunOutcome['status'], ErrorCode | undefined, number]>([
    ['done', undefined, 0],
    ['cancelled', undefined, 130],
    ['failed', undefined, 1],
    ['failed', 'codex-exited', 1],
    ['failed', 'workspace-busy', 1],
    ['failed', 'invalid-config', 2],
    ['failed', 'invalid-input', 2],
    ['failed', 'login-missing', 2],
    ['failed', 'login-expired', 2],
  ])('gives for %s (%s) %d', (status, code, expected) => {
    const error = code && { code, message: 'no' };
    expect(exitCodeOfRun({ ...OUTCOME, status, ...(error && { error }) })).toBe(expected);
  });
});
