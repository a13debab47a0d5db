import { describe, expect, it } from 'vitest';
import { type ApprovalRule, checkRequestRules, type RequestPolicy } from '../../src/contract/rule.ts';

const rule: ApprovalRule = { name: 'look', behavior: 'allow', matches: { kind: 'command', prefixes: [['ls']] } };
const policy: RequestPolicy = {
  expireAfterMs: 1_000,
  onExpiry: 'fail',
  webhook: { url: 'https://example.org/hook' },
  notify: ['notify-send', 'Codex asks'],
};

describe('rules', () => {
  it('may be left out, and are taken as they should be', () => {
    expect(() => checkRequestRules({})).not.toThrow();
    expect(() => checkRequestRules({ rules: [rule], requests: policy })).not.toThrow();
  });

  it.each<[string, object]>([
    ['rules.0.behavior', { rules: [{ ...rule, behavior: 'ask' }] }],
    ['rules.0.name', { rules: [{ ...rule, name: '' }] }],
    ['rules.1.sandboxed', { rules: [rule, { ...rule, sandboxed: 'no' }] }],
    ['rules.0.matches.prefixes', { rules: [{ ...rule, matches: { kind: 'command', prefixes: [] } }] }],
    ['rules.0.matches.prefixes.0', { rules: [{ ...rule, matches: { kind: 'command', prefixes: [[]] } }] }],
    ['rules.0.matches.paths.0', { rules: [{ ...rule, matches: { kind: 'fileChange', paths: ['../x'] } }] }],
    ['rules.0.matches.kind', { rules: [{ ...rule, matches: { kind: 'anything' } }] }],
    ['requests.expireAfterMs', { requests: { expireAfterMs: 2 ** 31 } }],
    ['requests.webhook.url', { requests: { webhook: { url: 'file:///etc/passwd' } } }],
    ['requests.notify', { requests: { notify: [] } }],
    ['requests', { requests: { expires: 1 } }],
  ])('that are none are refused at %s', (field, task) => {
    expect(() => checkRequestRules(task)).toThrow(
      expect.objectContaining({ code: 'invalid-config', details: expect.objectContaining({ field }) }),
    );
  });
});
