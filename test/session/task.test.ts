import { describe, expect, it } from 'vitest';
import type { ApprovalRule } from '../../src/contract/rule.ts';
import { createCodexTask } from '../../src/session/task.ts';

const config = { instructions: 'Do it', workspace: { fresh: true } } as const;

describe('createCodexTask', () => {
  it('keeps what names the task', () => {
    const definition = { id: 'nightly', name: 'Nightly', description: 'Every night', metadata: { team: 'a' } };
    expect(createCodexTask({ ...definition, config })).toMatchObject(definition);
  });

  it('keeps rules as plain data, and a function only in this process', () => {
    const rules = [
      { name: 'look', behavior: 'allow', matches: { kind: 'command', prefixes: [['ls']] } },
    ] as const satisfies ApprovalRule[];
    const given = { id: 'a', name: 'A', config, rules, requests: { expireAfterMs: 1_000 } };
    const onRequest = () => {};
    const task = createCodexTask({ ...given, onRequest });
    expect(task).toMatchObject({ rules, requests: { expireAfterMs: 1_000 }, onRequest });
    expect(task.definition).toEqual(given);
    const wrong = { ...rules[0], name: '' };
    expect(() => createCodexTask({ ...given, rules: [wrong] })).toThrow(
      expect.objectContaining({ code: 'invalid-config', details: expect.objectContaining({ field: 'rules.0.name' }) }),
    );
  });

  it('refuses a configuration at once, and not at the first run', () => {
    const refused = expect.objectContaining({ code: 'invalid-config' });
    expect(() => createCodexTask({ id: 'a', name: 'A', config: { ...config, endRule: 'firstTurn' } })).toThrow(refused);
  });

  it('refuses params that leave a place in its instructions unfilled', () => {
    const task = createCodexTask({ id: 'a', name: 'A', config: { ...config, instructions: 'Do {{this}}' } });
    expect(() => task.checkParams?.({ that: 1 })).toThrow(expect.objectContaining({ code: 'invalid-input' }));
    task.checkParams?.({ this: 1 });
  });
});
