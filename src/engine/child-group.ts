import type { RunOutcome } from '../contract/outcome.ts';
import { OptioError } from '../errors.ts';
import type { CancelOrder } from '../store/store.ts';
import type { ChildSpec, GroupOptions } from '../task/child.ts';
import { type Child, type Children, cancelled, failureOf } from './children.ts';

const MAX_CONCURRENCY = 10;

/** Children that run beside each other. One that ends badly stops the others, unless it may. */
export class ChildGroup {
  readonly #children: Children;
  readonly #list: readonly ChildSpec[];
  readonly #keys: readonly string[];
  readonly #options: GroupOptions;
  readonly #ended: Child[] = [];
  readonly #underWay = new Set<string>();
  readonly #refusals: unknown[] = [];
  #stopped: CancelOrder | undefined;

  /** Throws `invalid-input` for a `maxConcurrency` that is no number of runs, and for a key that there was already. */
  constructor(children: Children, list: readonly ChildSpec[], options: GroupOptions = {}) {
    checkConcurrency(options.maxConcurrency);
    this.#children = children;
    this.#list = list;
    this.#options = options;
    const group = children.keyOf(undefined);
    this.#keys = list.map(({ key }, index) => children.keyOf(key ?? `${group}.${index + 1}`));
  }

  /** Resolves with how they ended, in their order, when all of them are over. */
  async run(): Promise<RunOutcome[]> {
    const { maxConcurrency = MAX_CONCURRENCY, surviveFailure, surviveCancel } = this.#options;
    const lanes = Math.min(this.#list.length, maxConcurrency);
    const left = this.#list.entries();
    await Promise.all(Array.from({ length: lanes }, () => this.#lane(left)));
    if (this.#refusals.length > 0) throw this.#refusals[0];
    const failed = this.#ended.filter(({ outcome }) => outcome.status === 'failed');
    if (failed.length > 0 && !surviveFailure) throw failureOf(failed);
    const alone = this.#ended.find(({ isCancelledAlone }) => isCancelledAlone);
    if (alone && !surviveCancel) await this.#children.cancelParent(alone);
    return this.#ended.map(({ outcome }) => outcome);
  }

  async #lane(left: Iterable<[number, ChildSpec]>): Promise<void> {
    for (const [index, spec] of left) {
      const key = this.#keys[index] as string;
      try {
        this.#ended[index] = await this.#one(spec, key);
      } catch (thrown) {
        this.#refusals.push(thrown); // it could not even be begun, which is an error of the whole group
        if (this.#children.isLeft) break; // others go on with all of them
        await this.#stop(this.#children.orderAfter({ key }));
      }
    }
  }

  async #one(spec: ChildSpec, key: string): Promise<Child> {
    if (this.#stopped) return { key, outcome: cancelled(this.#stopped.reason), isCancelledAlone: false };
    let id = '';
    const onBegun = async (runId: string) => {
      id = runId;
      this.#underWay.add(id);
      if (this.#stopped) await this.#stop(this.#stopped);
    };
    const child = await this.#children.execute(spec, key, { onBegun, onProgress: this.#options.onProgress });
    this.#underWay.delete(id);
    if (this.#isBreach(child)) await this.#stop(this.#children.orderAfter(child));
    return child;
  }

  #isBreach({ outcome, isCancelledAlone }: Child): boolean {
    const { surviveFailure, surviveCancel } = this.#options;
    return (outcome.status === 'failed' && !surviveFailure) || (isCancelledAlone && !surviveCancel);
  }

  /** Begins no more of them, and tells those that are under way to stop. */
  async #stop(order: CancelOrder): Promise<void> {
    this.#stopped ??= order;
    const first = this.#stopped;
    await Promise.all([...this.#underWay].map((id) => this.#children.cancelChild(id, first)));
  }
}

/** With one that is no number none of them would be begun, and nobody would know. */
function checkConcurrency(maxConcurrency: number = MAX_CONCURRENCY): void {
  if (Number.isInteger(maxConcurrency) && maxConcurrency > 0) return;
  throw new OptioError('invalid-input', `maxConcurrency: ${maxConcurrency} is no number of runs`, {
    field: 'maxConcurrency',
    remedy: 'Give a whole number above 0, or leave it out.',
  });
}
