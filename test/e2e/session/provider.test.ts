import { describe, expect, it } from 'vitest';
import { cut, fail, hang, httpError, incomplete, type Step, say } from '../../../src/testing/index.ts';
import { freePort } from '../../support/ports.ts';
import { makePlace, type RunPlace, type TestSpec, watchRun } from '../../support/run.ts';

const refused = (status: number, message: string) => httpError(status, { error: { message, type: 'refused' } });

interface Hopeless {
  readonly name: string;
  /** What the provider answers for ever. */
  readonly steps: readonly Step[];
  /** What the run says of it. */
  readonly says: RegExp;
  /** What it says one can do, where Codex tells enough to know. */
  readonly remedy?: RegExp;
}

const HOPELESS: readonly Hopeless[] = [
  { name: '401', steps: [refused(401, 'bad key')], says: /401/, remedy: /login/ },
  { name: '404', steps: [refused(404, 'nobody here')], says: /404|nobody here/, remedy: /address/ },
  { name: '429', steps: [refused(429, 'slow down')], says: /429/, remedy: /wait a little/ },
  { name: '500', steps: [refused(500, 'broken')], says: /500|given up/, remedy: /status page/ },
  { name: 'a cut', steps: [say('half'), cut()], says: /disconnected|given up/, remedy: /breaks its answers off/ },
  { name: 'no money', steps: [fail('insufficient_quota', 'no money')], says: /quota|usage/i, remedy: /limit/ },
  { name: 'server_error', steps: [fail('server_error', 'oh no')], says: /oh no|given up/, remedy: /run again/ },
  { name: 'incomplete', steps: [incomplete('max_output_tokens')], says: /max_output_tokens/ },
];

function specFor(place: RunPlace, baseUrl = place.model.url): TestSpec {
  return {
    instructions: 'Go.',
    provider: { baseUrl, silenceMs: 300 },
    deadlines: { retryMs: 500 },
  };
}

describe('a run whose provider fails', () => {
  it.each(HOPELESS)(
    '$name: has failed, says why and what to do, and leaves nothing',
    async ({ steps, says, remedy }) => {
      const place = await makePlace({ script: () => steps });
      const { outcome, of } = await watchRun(place, specFor(place));
      expect(outcome).toMatchObject({ status: 'failed', error: { code: 'turn-failed' }, turns: 1 });
      expect(outcome.error?.message).toMatch(says);
      if (remedy) expect(outcome.error?.remedy).toMatch(remedy);
      else expect(outcome.error).not.toHaveProperty('remedy');
      expect(of('turn.ended')).toMatchObject([{ status: 'failed', error: expect.stringMatching(says) }]);
      expect(of('session.ended')).toHaveLength(1);
    },
  );

  it('gives up on one that refuses connections, after the deadline of the run', async () => {
    const place = await makePlace();
    // Not a loopback address by its name, so that it is Codex that finds nobody there.
    const { outcome } = await watchRun(place, specFor(place, `http://0.0.0.0:${await freePort()}/v1`));
    expect(outcome).toMatchObject({
      status: 'failed',
      error: {
        code: 'turn-failed',
        message: expect.stringContaining('given up after 1 s'),
        remedy: expect.stringContaining('Nothing answers there'),
      },
    });
  });

  it('fails at once when nothing listens on this machine', async () => {
    const place = await makePlace();
    const { outcome, of } = await watchRun(place, specFor(place, `http://127.0.0.1:${await freePort()}/v1`));
    expect(outcome).toMatchObject({ status: 'failed', error: { code: 'provider-unreachable' } });
    expect(of('session.started')).toEqual([]);
  });

  it.each([
    ['at once', [hang()]],
    ['in the middle of its answer', [say('half'), hang()]],
  ])('gives up on one that falls silent %s, after the deadlines of provider and run', async (_, steps) => {
    const place = await makePlace({ script: () => steps });
    const { outcome } = await watchRun(place, specFor(place));
    expect(outcome).toMatchObject({
      status: 'failed',
      error: { code: 'turn-failed', message: expect.stringMatching(/given up after 1 s|idle timeout/) },
    });
    expect(place.model.requests.length).toBeGreaterThan(1);
  });

  it('is done when it comes round in time', async () => {
    let asked = 0;
    const place = await makePlace({ script: () => (asked++ === 0 ? [say('half'), cut()] : [say('whole')]) });
    const { outcome } = await watchRun(place, { ...specFor(place), deadlines: { retryMs: 30_000 } });
    expect(outcome).toMatchObject({ status: 'done', text: 'whole' });
    expect(asked).toBe(2);
  });
});
