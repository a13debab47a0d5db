import { describe, expect, it } from 'vitest';
import type { RunSpec } from '../../../src/contract/run-spec.ts';
import type { HostProcess, ProcessSpec } from '../../../src/hosts/host.ts';
import { LocalHost } from '../../../src/hosts/local.ts';
import { cut, fail, hang, httpError, incomplete, type Step, say } from '../../../src/testing/index.ts';
import { testDirectory } from '../../support/directories.ts';
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
  { name: '404', steps: [refused(404, 'nobody here')], says: /404/, remedy: /address/ },
  { name: '429', steps: [refused(429, 'slow down')], says: /429/, remedy: /wait a little/ },
  { name: '500', steps: [refused(500, 'broken')], says: /high demand/, remedy: /status page/ },
  { name: '503', steps: [refused(503, 'broken')], says: /503/, remedy: /status page/ },
  { name: 'a cut', steps: [say('half'), cut()], says: /stream disconnected/, remedy: /breaks its answers off/ },
  { name: 'silence', steps: [hang()], says: /idle timeout/, remedy: /silenceMs/ },
  { name: 'silence in the middle', steps: [say('half'), hang()], says: /idle timeout/, remedy: /silenceMs/ },
  { name: 'no money', steps: [fail('insufficient_quota', 'no money')], says: /quota/i, remedy: /limit/ },
  { name: 'server_error', steps: [fail('server_error', 'oh no')], says: /oh no/, remedy: /breaks its answers off/ },
  { name: 'incomplete', steps: [incomplete('max_output_tokens')], says: /max_output_tokens/ },
];

/** After this one Codex has always given up before. */
const LATE = { retryMs: 600_000 };
const SOON = { retryMs: 500 };

/** `steps`: those of a provider that falls silent, which is noticed soon. */
function specFor(
  place: RunPlace,
  deadlines: RunSpec['deadlines'],
  { steps = [], baseUrl = place.model.url }: { readonly steps?: readonly Step[]; readonly baseUrl?: string } = {},
): TestSpec {
  const isSilent = steps.some(({ kind }) => kind === 'hang');
  return { instructions: 'Go.', provider: { baseUrl, ...(isSilent && { silenceMs: 300 }) }, deadlines };
}

/**
 * Tells codex to ask a failing provider so many times more. Left to itself it takes up to 25 s for that, of which it
 * spends a fifth on silent attempts before it tells of the first.
 */
class RetryingHost extends LocalHost {
  readonly #times: number;

  constructor(times: number) {
    super({ home: testDirectory('home') });
    this.#times = times;
  }

  override start(spec: ProcessSpec): Promise<HostProcess> {
    const settings = { request_max_retries: 1, stream_max_retries: this.#times };
    const flags = Object.entries(settings).flatMap(([name, value]) => [
      '-c',
      `model_providers.custom.${name}=${value}`,
    ]);
    return super.start({ ...spec, command: [...spec.command, ...flags] });
  }
}

/** A place with such a provider, which codex asks so many times more. */
const placeWith = (steps: readonly Step[], times: number) =>
  makePlace({ script: () => steps, optio: { host: new RetryingHost(times) } });

describe('a run whose provider fails', () => {
  it.each(HOPELESS)(
    '$name: has failed, says why and what to do, and leaves nothing',
    async ({ steps, says, remedy }) => {
      const place = await placeWith(steps, 1);
      const { outcome, of } = await watchRun(place, specFor(place, LATE, { steps }));
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
    const { outcome } = await watchRun(
      place,
      specFor(place, SOON, { baseUrl: `http://0.0.0.0:${await freePort()}/v1` }),
    );
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
    const { outcome, of } = await watchRun(
      place,
      specFor(place, SOON, { baseUrl: `http://127.0.0.1:${await freePort()}/v1` }),
    );
    expect(outcome).toMatchObject({ status: 'failed', error: { code: 'provider-unreachable' } });
    expect(of('session.started')).toEqual([]);
  });

  it.each([
    ['answers 500', [refused(500, 'broken')], 'high demand', 'status page'],
    ['breaks off', [say('half'), cut()], 'stream disconnected', 'breaks its answers off'],
    ['falls silent at once', [hang()], 'idle timeout', 'silenceMs'],
    ['falls silent in the middle of its answer', [say('half'), hang()], 'idle timeout', 'silenceMs'],
  ])('gives up on one that %s, after the deadline of the run and before codex has', async (_, steps, why, remedy) => {
    const place = await placeWith(steps, 100);
    const { outcome } = await watchRun(place, specFor(place, SOON, { steps }));
    expect(outcome).toMatchObject({
      status: 'failed',
      error: {
        code: 'turn-failed',
        message: expect.stringMatching(new RegExp(`given up after 1 s .*${why}`)),
        remedy: expect.stringContaining(remedy),
      },
    });
    expect(place.model.requests.length).toBeGreaterThan(1);
  });

  it('is done when it comes round in time', async () => {
    let asked = 0;
    const place = await makePlace({ script: () => (asked++ === 0 ? [say('half'), cut()] : [say('whole')]) });
    const { outcome } = await watchRun(place, specFor(place, LATE));
    expect(outcome).toMatchObject({ status: 'done', text: 'whole' });
    expect(asked).toBe(2);
  });
});
