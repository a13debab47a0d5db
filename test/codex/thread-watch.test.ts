import { describe, expect, it } from 'vitest';
import type { CodexNotification } from '../../src/codex/client.ts';
import { ThreadWatch, type ThreadWatchOptions } from '../../src/codex/thread-watch.ts';

function watchThread(options: Partial<ThreadWatchOptions> = {}) {
  const thread = { thread: { id: 'mine' }, model: 'm1' } as never;
  const watch = new ThreadWatch(thread, { expectProfile: undefined, reasoningEffort: undefined, ...options });
  const tell = (method: string, params: object, threadId = 'mine') =>
    watch.onNotification({ method, params: { threadId, ...params } } as CodexNotification);
  return { watch, tell };
}

const patch = (path: string) => [{ path, kind: { type: 'add' }, diff: 'd' }];
const settings = (model: string, profile?: string) => {
  return { threadSettings: { model, activePermissionProfile: profile ? { id: profile } : null } };
};

describe('the model of a thread', () => {
  it('is what the thread said, then what was asked for', () => {
    const { watch } = watchThread();
    expect(watch.modelId).toBe('m1');
    watch.requestModel('m2');
    expect(watch.modelId).toBe('m2');
  });

  it('rides on the next turns, beside the effort, until one is accepted', () => {
    const { watch } = watchThread({ reasoningEffort: 'high' });
    watch.requestModel('m2');
    watch.requestModel('m3');
    expect(watch.overrides).toEqual({ effort: 'high', model: 'm3' });
    expect(watch.overrides, 'the turn was refused').toEqual({ effort: 'high', model: 'm3' });
    watch.onAccepted(watch.overrides);
    expect(watch.overrides).toEqual({});
  });

  it('rides on the turn after the one that was being accepted when it was asked for', () => {
    const { watch } = watchThread({ reasoningEffort: 'high' });
    watch.requestModel('m2');
    const sent = watch.overrides;
    watch.requestModel('m3');
    watch.onAccepted(sent);
    expect(watch.overrides).toEqual({ model: 'm3' });
  });

  it('has the effort that was asked for last, of which the next turns are told until one is accepted', () => {
    const { watch } = watchThread({ reasoningEffort: 'high' });
    expect(watch.effort).toBe('high');
    const sent = watch.overrides;
    watch.requestEffort('low');
    watch.requestModel('m2');
    watch.onAccepted(sent);
    expect(watch.effort).toBe('low');
    expect(watch.overrides).toEqual({ effort: 'low', model: 'm2' });
    watch.onAccepted(watch.overrides);
    expect(watch.overrides).toEqual({});
    expect(watch.effort).toBe('low');
  });

  it('follows the settings of this thread, unless another was asked for and not sent yet', () => {
    const { watch, tell } = watchThread();
    tell('thread/settings/updated', settings('m2'));
    expect(watch.modelId).toBe('m2');
    tell('thread/settings/updated', settings('m9'), 'another');
    expect(watch.modelId).toBe('m2');
    watch.requestModel('m3');
    tell('thread/settings/updated', settings('m2'));
    expect(watch.modelId).toBe('m3');
  });
});

describe('the permission profile of a thread', () => {
  it.each([undefined, 'open'])('throws `sandbox-changed` when it becomes %s', (profile) => {
    const { tell } = watchThread({ expectProfile: 'locked' });
    tell('thread/settings/updated', settings('m', 'locked'));
    expect(() => tell('thread/settings/updated', settings('m', profile))).toThrow(
      expect.objectContaining({ code: 'sandbox-changed' }),
    );
  });

  it('is no affair of ours when none is expected', () => {
    watchThread().tell('thread/settings/updated', settings('m', 'open'));
  });

  it('is watched on the threads of sub-agents too', () => {
    const { tell } = watchThread({ expectProfile: 'locked' });
    tell('thread/settings/updated', settings('m', 'locked'), 'another');
    expect(() => tell('thread/settings/updated', settings('m', 'open'), 'another')).toThrow(/permission profile/);
  });
});

describe('the changes that wait for permission', () => {
  it('are those of a file change that was started, or changed since, until it is completed', () => {
    const { watch, tell } = watchThread();
    tell('item/started', { item: { type: 'fileChange', id: 'i', changes: patch('/a') } });
    expect(watch.changesOf('i')).toEqual([{ path: '/a', kind: 'add', diff: 'd' }]);
    tell('item/fileChange/patchUpdated', { itemId: 'i', changes: patch('/b') });
    expect(watch.changesOf('i')).toMatchObject([{ path: '/b' }]);
    tell('item/completed', { item: { type: 'fileChange', id: 'i' } });
    expect(watch.changesOf('i')).toEqual([]);
  });

  it('are forgotten with the turn, but not with one of another thread', () => {
    const { watch, tell } = watchThread();
    tell('item/started', { item: { type: 'fileChange', id: '__proto__', changes: patch('/a') } });
    tell('turn/completed', { turn: { id: 't' } }, 'another');
    expect(watch.changesOf('__proto__')).toHaveLength(1);
    tell('turn/completed', { turn: { id: 't' } });
    expect(watch.changesOf('__proto__')).toEqual([]);
  });

  it('of a sub-agent wait on when the turn of its parent ends, and are forgotten with its own', () => {
    const { watch, tell } = watchThread();
    tell('item/started', { item: { type: 'fileChange', id: 'i', changes: patch('/a') } }, 'sub-agent');
    tell('turn/completed', { turn: { id: 't' } });
    expect(watch.changesOf('i')).toHaveLength(1);
    tell('turn/completed', { turn: { id: 'u' } }, 'sub-agent');
    expect(watch.changesOf('i')).toEqual([]);
  });

  it('are those that were known before, of whatever thread, until they are completed', () => {
    const known = { changes: { i: [{ path: '/a', kind: 'add', diff: 'd' }] } } as const;
    const { watch, tell } = watchThread({ known });
    tell('turn/completed', { turn: { id: 't' } });
    expect(watch.changesOf('i')).toHaveLength(1);
    tell('item/completed', { item: { type: 'fileChange', id: 'i' } });
    expect(watch.changesOf('i')).toEqual([]);
  });

  it('are none of an item that is not known', () => {
    expect(watchThread().watch.changesOf('constructor')).toEqual([]);
  });
});
