import { describe, expect, it } from 'vitest';
import { activityOfItem, activityOfRequest } from '../../src/contract/activity.ts';
import type { Item } from '../../src/contract/item.ts';
import type { Request } from '../../src/contract/request.ts';

const id = 'i';
const change = (path: string) => ({ path, kind: 'update' as const, diff: '' });
const items: readonly (readonly [Item, string | undefined])[] = [
  [{ kind: 'command', id, command: 'npm test', cwd: '/ws', status: 'running', output: '' }, 'running npm test'],
  [
    { kind: 'command', id, command: 'cat <<E\n  a\nE', cwd: '/ws', status: 'running', output: '' },
    'running cat <<E a E',
  ],
  [{ kind: 'agentMessage', id, text: '' }, 'writing the answer'],
  [{ kind: 'agentMessage', id, text: '', phase: 'final_answer' }, 'writing the answer'],
  [{ kind: 'agentMessage', id, text: '', phase: 'commentary' }, 'writing'],
  [{ kind: 'reasoning', id, summary: [], content: [] }, 'thinking'],
  [{ kind: 'fileChange', id, status: 'running', changes: [change('/ws/src/a.ts')] }, 'editing src/a.ts'],
  [
    { kind: 'fileChange', id, status: 'running', changes: [change('/etc/a'), change('/ws/b'), change('/ws/c')] },
    'editing /etc/a and 2 more',
  ],
  [{ kind: 'fileChange', id, status: 'running', changes: [] }, 'editing files'],
  [{ kind: 'toolCall', id, server: 's', tool: 'x', arguments: {}, status: 'running' }, 'calling tool x'],
  [{ kind: 'webSearch', id, query: 'cats' }, 'searching the web for cats'],
  [{ kind: 'imageView', id, path: '/wsx/a.png' }, 'looking at /wsx/a.png'],
  [{ kind: 'userMessage', id, text: '', images: [] }, undefined],
];

const common = { id, threadId: 't', turnId: null, itemId: null };
const asked = { ...common, sandboxed: 'no' as const };
const requests: readonly (readonly [Request, string])[] = [
  [{ kind: 'command', ...asked, command: 'git push', cwd: '/ws' }, 'waiting: approve `git push`'],
  [{ kind: 'fileChange', ...asked, changes: [change('/ws/a')] }, 'waiting: approve changes of a'],
  [{ kind: 'permissions', ...asked, permissions: {} }, 'waiting: approve more permissions'],
  [{ kind: 'mcpTool', ...asked, server: 's', tool: 'x', message: '', arguments: {} }, 'waiting: approve the tool x'],
  [{ kind: 'mcpTool', ...asked, server: 's', message: '', arguments: {} }, 'waiting: approve the tool of s'],
  [{ kind: 'elicitation', ...common, server: 's', message: 'Who are you?' }, 'waiting: Who are you?'],
  [{ kind: 'question', ...common, questions: [] }, 'waiting: a question'],
];

describe('an activity', () => {
  it.each(items)('of %j is %j', (item, words) => {
    expect(activityOfItem(item, '/ws')).toBe(words);
  });

  it.each(requests)('of a request %j is %j', (request, words) => {
    expect(activityOfRequest(request, '/ws')).toBe(words);
  });

  it('stands in a line of a list, however long the command is', () => {
    const command = {
      kind: 'command',
      id,
      command: 'x'.repeat(100_000),
      cwd: '/',
      status: 'running',
      output: '',
    } as const;
    expect(activityOfItem(command, undefined)).toHaveLength(120);
    expect(activityOfItem(command, undefined)).toMatch(/^running x+…$/);
  });
});
