import { expect } from 'vitest';
import { LaunchRefused } from '../../src/errors.ts';
import type { ApiCheck } from './api-checks.ts';
import { allow } from './asks.ts';
import { readAll } from './client.ts';
import { quick } from './tasks.ts';

const SPEC = { instructions: '', workspace: { fresh: true } } as const;

/** What has to be so of every OptioApi where it does not do what it is asked to. */
export const API_REFUSAL_CHECKS: Readonly<Record<string, ApiCheck>> = {
  async 'says what is not there, and what makes no sense'({ api, optio }) {
    await optio.define(quick('nightly'));
    const run = await api.launch('nightly');
    await expect(api.find('run-nowhere')).rejects.toMatchObject({ code: 'not-found' });
    const nothing = { code: 'not-found', remedy: expect.any(String) };
    for (const act of [
      () => api.task('nobody'),
      () => api.removeTask('nobody'),
      () => api.pauseTask('nobody'),
      () => api.removeToken('token-nobody'),
      () => run.answer('nothing', allow),
    ]) {
      await expect(act()).rejects.toMatchObject(nothing);
    }
    for (const act of [
      () => run.cancel('\0'),
      () => run.pause('\0'),
      () => api.cancelGroup({ metadata: { a: 'b' } }, { reason: '\0' }),
      () => api.block({}, { reason: '\0' }),
    ]) {
      await expect(act()).rejects.toMatchObject({ code: 'invalid-input' });
    }
    await expect(readAll(run.events({ after: -1 }))).rejects.toMatchObject({
      code: 'invalid-input',
      details: { field: 'after' },
    });
    await expect(api.run(SPEC)).rejects.toMatchObject({ code: 'invalid-config', remedy: expect.any(String) });
  },

  async 'refuses launches, and says why'({ api, optio }) {
    const refused = async (reason: string) => {
      const error = await api.launch('nightly').catch((thrown) => thrown);
      expect(error).toBeInstanceOf(LaunchRefused);
      expect(error).toMatchObject({ code: 'launch-refused', reason });
    };
    await refused('not-found');
    await optio.define(quick('nightly'));
    const block = await api.block({}, { reason: 'not today', persist: true, idempotencyKey: 'block' });
    expect(await api.blocks()).toMatchObject([{ id: block.id, reason: 'not today', isPersistent: true }]);
    await refused('blocked');
    await block.release();
    await block.release();
    expect(await api.blocks()).toEqual([]);
    await api.pauseTask('nightly');
    await refused('not-launchable');
    await api.resumeTask('nightly');
    await (await api.launch('nightly')).outcome;
  },

  async 'blocks once for a key, as long as that holds'({ api }) {
    const [filter, options] = [{ metadata: { team: 'red' } }, { reason: 'an audit', idempotencyKey: 'audit' }];
    const [first, second] = await Promise.all([api.block(filter, options), api.block(filter, options)]);
    expect(second.id).toBe(first.id);
    expect((await api.block(filter, options)).id).toBe(first.id);
    expect(await api.blocks()).toHaveLength(1);
    await expect(api.block(filter, { ...options, reason: 'else' })).rejects.toMatchObject({ code: 'key-reused' });
    await expect(api.block({}, options)).rejects.toMatchObject({ code: 'key-reused' });
    await expect(api.block(filter, { ...options, persist: true })).rejects.toMatchObject({ code: 'key-reused' });
    await second.release();
    expect(await api.blocks()).toEqual([]);
    await (await api.block({}, options)).release();
  },
};
