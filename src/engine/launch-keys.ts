import { createHash } from 'node:crypto';
import { checkIdempotencyKey, keyReused } from '../contract/create-options.ts';
import { toJson } from '../store/json.ts';
import type { LaunchKey, RunRecord, Runs } from '../store/store.ts';

/** Launches that somebody may ask for again, since he has not heard what became of them: each key makes one run. */
export class LaunchKeys {
  readonly #runs: Pick<Runs, 'findByKey'>;
  readonly #underWay = new Map<string, Promise<unknown>>();

  constructor(runs: Pick<Runs, 'findByKey'>) {
    this.#runs = runs;
  }

  /**
   * Launches a run, or gives the one that this key has made, whatever has changed since that would refuse it now. `wanted`:
   * what was asked for, as JSON. Throws `invalid-input`, and `key-reused` when the key has made something else.
   */
  async once(
    key: string | undefined,
    wanted: unknown,
    launch: (key?: LaunchKey) => Promise<RunRecord>,
  ): Promise<RunRecord> {
    if (key === undefined) return launch();
    checkIdempotencyKey(key);
    const print = printOf(wanted);
    // One that comes to nothing leaves the key to others; any other is found in the store then.
    for (let other = this.#underWay.get(key); other; other = this.#underWay.get(key)) await other.catch(() => {});
    const run = this.#once({ key, print }, launch).finally(() => this.#underWay.delete(key));
    this.#underWay.set(key, run);
    return run;
  }

  async #once(launchKey: LaunchKey, launch: (key: LaunchKey) => Promise<RunRecord>): Promise<RunRecord> {
    const before = await this.#runs.findByKey(launchKey.key);
    if (before && before.print !== launchKey.print) throw keyReused(launchKey.key, `the run ${before.run.id}`);
    return before?.run ?? launch(launchKey);
  }
}

/** The same for the same JSON, in whichever order its fields stand. Throws `invalid-input` for what is no JSON. */
export function printOf(wanted: unknown): string {
  const plain: unknown = JSON.parse(toJson(wanted, 'options') ?? 'null');
  const canonical = JSON.stringify(plain, (_, value: unknown) => (isObject(value) ? sorted(value) : value));
  return createHash('sha256').update(canonical).digest('hex');
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function sorted(value: object): object {
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
