import { describe, expect, it } from 'vitest';
import type { ApprovalRule, RequestPolicy } from '../../src/contract/rule.ts';
import { checkTask } from '../../src/task/check.ts';

const rule: ApprovalRule = { name: 'look', behavior: 'allow', matches: { kind: 'command', prefixes: [['ls']] } };
const policy: RequestPolicy = {
  expireAfterMs: 1_000,
  onExpiry: 'fail',
  webhook: { url: 'https://example.org/hook' },
  notify: ['notify-send', 'Codex asks'],
};

const task = { id: 'nightly', name: 'Nightly' };

describe('what is said of a task', () => {
  it('may be left out, and is taken as it should be', () => {
    expect(() => checkTask(task)).not.toThrow();
    const retry = { attempts: 3, backoffMs: 0, maxBackoffMs: 1 };
    const budget = { turns: 3, onReached: 'fail' } as const;
    const numbers = { graceMs: 0, ttlMs: 0, maxRunning: 1, retry, budget };
    expect(() => checkTask({ ...task, ...numbers, rules: [rule], requests: policy })).not.toThrow();
    const most = { graceMs: 2 ** 31 - 1, ttlMs: 100 * 365 * 86_400_000, maxRunning: 2 ** 31 - 1 };
    expect(() => checkTask({ ...task, ...most })).not.toThrow();
  });

  it.each<[string, object]>([
    ['rules.0.behavior', { rules: [{ ...rule, behavior: 'ask' }] }],
    ['rules.0.name', { rules: [{ ...rule, name: '' }] }],
    ['rules.0.name', { rules: [{ ...rule, name: 'a\0b' }] }],
    ['rules.1.sandboxed', { rules: [rule, { ...rule, sandboxed: 'no' }] }],
    ['rules.0.matches.prefixes', { rules: [{ ...rule, matches: { kind: 'command', prefixes: [] } }] }],
    ['rules.0.matches.prefixes.0', { rules: [{ ...rule, matches: { kind: 'command', prefixes: [[]] } }] }],
    ['rules.0.matches.paths.0', { rules: [{ ...rule, matches: { kind: 'fileChange', paths: ['../x'] } }] }],
    ['rules.0.matches.kind', { rules: [{ ...rule, matches: { kind: 'anything' } }] }],
    ['requests.expireAfterMs', { requests: { expireAfterMs: 2 ** 31 } }],
    ['requests.webhook.url', { requests: { webhook: { url: 'file:///etc/passwd' } } }],
    ['requests.notify', { requests: { notify: [] } }],
    ['requests', { requests: { expires: 1 } }],
    ['id', { id: '' }],
    ['id', { id: 'a\0b' }],
    ['name', { name: 'a\0b' }],
    ['description', { description: '\0' }],
    ['metadata', { metadata: { 'te\0am': 'red' } }],
    ['metadata.team', { metadata: { team: 'r\0d' } }],
    ['metadata.team', { metadata: { team: 1 } }],
    ['graceMs', { graceMs: Number.POSITIVE_INFINITY }],
    ['graceMs', { graceMs: Number.NaN }],
    ['graceMs', { graceMs: -1 }],
    ['graceMs', { graceMs: 0.5 }],
    ['graceMs', { graceMs: 2 ** 31 }],
    ['ttlMs', { ttlMs: -1 }],
    ['ttlMs', { ttlMs: 0.5 }],
    ['ttlMs', { ttlMs: 100 * 365 * 86_400_000 + 1 }],
    ['ttlMs', { ttlMs: Number.MAX_VALUE }],
    ['maxRunning', { maxRunning: 0 }],
    ['maxRunning', { maxRunning: 2 ** 31 }],
    ['retry.attempts', { retry: { attempts: 1.5 } }],
    ['retry.attempts', { retry: { attempts: 2 ** 31 } }],
    ['retry.backoffMs', { retry: { attempts: 2, backoffMs: 0.5 } }],
    ['retry.maxBackoffMs', { retry: { attempts: 2, maxBackoffMs: 2 ** 31 } }],
    ['retry.backoffMs', { retry: { attempts: 2, backoffMs: Number.NaN } }],
    ['budget.turns', { budget: { turns: 0 } }],
    ['budget', { budget: { minutes: 5 } }],
  ])('makes no sense, and is refused at %s', (field, more) => {
    expect(() => checkTask({ ...task, ...more } as never)).toThrow(
      expect.objectContaining({ code: 'invalid-config', details: expect.objectContaining({ field }) }),
    );
  });
});
