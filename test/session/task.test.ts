import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ApprovalRule } from '../../src/contract/rule.ts';
import { LocalHost } from '../../src/hosts/local.ts';
import { type CodexTaskOptions, createCodexTask } from '../../src/session/task.ts';
import { testDirectory } from '../support/directories.ts';
import { makeRun } from '../support/memory-run.ts';

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

  it('refuses params that it does not have, and takes those that it says itself', () => {
    const task = createCodexTask({ id: 'a', name: 'A', config, params: { since: 1 } });
    task.checkParams?.({ since: 2 });
    expect(() => task.checkParams?.({ since: 1, foo: 'bar' })).toThrow(
      expect.objectContaining({ code: 'invalid-input' }),
    );
  });

  it('writes down that a function chooses its login, and chooses none in its place where it is not known', async () => {
    const seedId = () => 'work';
    const { definition } = createCodexTask({ id: 'a', name: 'A', config: { ...config, seedId, whenNoSeed: 'refuse' } });
    expect(definition).toEqual({
      id: 'a',
      name: 'A',
      config: { ...config, whenNoSeed: 'refuse' },
      lacksProvider: true,
    });
    const revived = createCodexTask(definition as CodexTaskOptions);
    expect(revived.definition).toEqual(definition);
    const lend = () => Promise.reject(new Error('some login was asked for'));
    const run = makeRun({
      host: new LocalHost({ home: testDirectory() }),
      directories: placesIn(testDirectory()),
      logins: {
        lend,
        saveLeft: async () => ({ isNew: false, version: 1 }),
        names: async () => [],
        end: async () => {},
      },
    });
    expect(await run.execute(revived)).toMatchObject({
      status: 'failed',
      error: { code: 'seed-unavailable', remedy: expect.stringContaining('Define the task again') },
    });
  });
});

function placesIn(root: string) {
  const data = join(root, 'data');
  return { data, run: join(data, 'runs', 'run-1'), workspaces: join(root, 'workspaces') };
}
