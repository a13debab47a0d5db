import { describe, expect, it } from 'vitest';
import type { LaunchBlock } from '../../../src/contract/group.ts';
import type { NewToken } from '../../../src/contract/token.ts';
import { runCommandLine } from '../../support/command-line.ts';
import { LAUNCHED_AT, NOW } from '../../support/run-summary.ts';
import { scriptApi } from '../../support/scripted-api.ts';

function beginBlocks() {
  const calls: unknown[] = [];
  const blockOf = (id: string, more: Partial<LaunchBlock> = {}): LaunchBlock => ({
    id,
    metadata: {},
    reason: 'the release\u001b[2J is on',
    createdAt: LAUNCHED_AT,
    isPersistent: false,
    release: async () => void calls.push(['release', id]),
    [Symbol.asyncDispose]: async () => void calls.push(['dispose', id]),
    ...more,
  });
  const { api } = scriptApi({
    api: {
      block: async (...given) => {
        calls.push(given);
        return blockOf('block-1');
      },
      blocks: async () => [blockOf('block-11'), blockOf('block-12', { metadata: { team: 'red' }, isPersistent: true })],
    },
  });
  return { api, calls };
}

describe('block, blocks and unblock', () => {
  it('makes a block, and leaves it', async () => {
    const { api, calls } = beginBlocks();
    const argv = ['block', '--reason', 'no', '--tag', 'team=red', '--persist', '--key', 'k1'];
    const { stdout } = await runCommandLine(api, argv);
    expect(stdout).toBe('block-1: to take it back, optio-codex unblock block-1\n');
    expect(calls).toEqual([[{ metadata: { team: 'red' } }, { reason: 'no', persist: true, idempotencyKey: 'k1' }]]);
  });

  it('wants a reason', async () => {
    expect((await runCommandLine(beginBlocks().api, ['block'])).stderr).toContain("'--reason <text>' not specified");
  });

  it('lists them', async () => {
    const { api } = beginBlocks();
    expect((await runCommandLine(api, ['blocks'])).stdout.split('\n')).toEqual([
      'BLOCK     RUNS      REASON             HOLDS            MADE',
      'block-11  all       the release is on  until a restart  5 min ago',
      'block-12  team=red  the release is on  over restarts    5 min ago',
      '',
    ]);
    expect(JSON.parse((await runCommandLine(api, ['blocks', '--json'])).stdout)).toMatchObject({
      blocks: [{ id: 'block-11' }, { id: 'block-12', isPersistent: true }],
    });
  });

  it.each([
    ['block-11', 0, [['release', 'block-11']], ''],
    ['block-1', 2, [], 'error: block-1 may be one of several\n  There are:\n    block-11  the release is on\n'],
    ['x', 1, [], 'error: there is no block x\n  There are:\n    block-11'],
  ])('takes back the block %s, where that is one', async (name, code, done, said) => {
    const { api, calls } = beginBlocks();
    const { stderr, ...end } = await runCommandLine(api, ['unblock', name]);
    expect({ code: end.code, calls }).toEqual({ code, calls: done });
    expect(stderr).toContain(said);
  });
});

describe('token', () => {
  const TOKEN = { id: 'token-1', name: 'ci', role: 'operator' as const, createdAt: LAUNCHED_AT, expiresAt: null };

  function begin() {
    const made: NewToken[] = [];
    const { api, calls } = scriptApi({
      api: {
        tokens: async () => [
          TOKEN,
          { ...TOKEN, id: 'token-2', expiresAt: new Date(NOW + 86_400_000 * 3).toISOString() },
        ],
        createToken: async (token) => {
          made.push(token);
          return { ...TOKEN, secret: 'abc123' };
        },
      },
    });
    return { api, calls, made };
  }

  it('lists who may come in', async () => {
    expect((await runCommandLine(begin().api, ['token', 'ls'])).stdout.split('\n')).toEqual([
      'TOKEN    NAME  ROLE      MADE       ENDS',
      'token-1  ci    operator  5 min ago  never',
      'token-2  ci    operator  5 min ago  in 3 d',
      '',
    ]);
  });

  it('tells the secret on standard output, and nothing else there', async () => {
    const { api, made } = begin();
    const { stdout, stderr } = await runCommandLine(api, [
      'token',
      'add',
      'ci',
      '--role',
      'operator',
      '--expires',
      '1d',
    ]);
    expect(made).toEqual([{ name: 'ci', role: 'operator', ttlMs: 86_400_000 }]);
    expect(stdout).toBe('abc123\n');
    expect(stderr).toContain('token-1 (operator): keep the secret');
    expect(stderr).not.toContain('abc123');
  });

  it('wants to know what they may do', async () => {
    const { api, made } = begin();
    expect((await runCommandLine(api, ['token', 'add', 'ci'])).code).toBe(2);
    expect((await runCommandLine(api, ['token', 'add', 'ci', '--role', 'king'])).code).toBe(2);
    expect(made).toEqual([]);
  });

  it('lets somebody in no more', async () => {
    const { api, calls } = begin();
    expect((await runCommandLine(api, ['token', 'rm', 'token-1'])).code).toBe(0);
    expect(calls).toEqual(['removeToken "token-1"']);
  });
});

describe('models', () => {
  it('are listed with what they take', async () => {
    const model = {
      id: 'gpt-x',
      name: 'GPT X',
      description: 'fast',
      isDefault: true,
      efforts: ['low', 'high'],
      defaultEffort: 'low',
    };
    const { api } = scriptApi({ api: { models: async () => [model] } });
    expect((await runCommandLine(api, ['models'])).stdout.split('\n')).toEqual([
      'MODEL  DEFAULT  EFFORTS              NAME   ABOUT',
      'gpt-x  yes      low (default), high  GPT X  fast',
      '',
    ]);
  });
});
