import type { RunEventBody } from '../contract/event.ts';
import type { Store } from '../store/store.ts';
import type { Counters } from './counters.ts';
import type { Dispatcher } from './dispatcher.ts';
import { readHistory } from './history.ts';
import type { Launched } from './launched.ts';
import { LiveDigest } from './live-digest.ts';
import { LiveJournal } from './live-journal.ts';
import { QueuedMessages } from './queued-messages.ts';
import { isEnded } from './states.ts';

export interface IdleQueuesOptions {
  readonly store: Pick<Store, 'runs' | 'journal'>;
  readonly dispatcher: Dispatcher;
  readonly counters: Counters;
}

/** The queues of runs that nobody works on: they wait for their time or for room, or for whoever knows their task. */
export class IdleQueues {
  readonly #options: IdleQueuesOptions;

  constructor(options: IdleQueuesOptions) {
    this.#options = options;
  }

  /** Takes the run for as long as it takes to write down what is done to its queue. */
  async change<T>(run: Launched, act: (queue: QueuedMessages) => Promise<T>): Promise<T> {
    const { dispatcher } = this.#options;
    dispatcher.hold(run.record.id);
    const done = this.#actAndPutBack(run, act);
    run.working = done.then(
      () => {},
      () => {},
    );
    return done;
  }

  async #actAndPutBack<T>(run: Launched, act: (queue: QueuedMessages) => Promise<T>): Promise<T> {
    try {
      return await this.#act(run.record.id, act);
    } finally {
      await this.#putBack(run);
    }
  }

  async #act<T>(runId: string, act: (queue: QueuedMessages) => Promise<T>): Promise<T> {
    const { store, counters } = this.#options;
    const { claim, lastSeq } = await store.runs.claim(runId);
    const digest = new LiveDigest({ isNew: false, counters });
    const journal = new LiveJournal({ store: store.journal, runId, claim, lastSeq, digest });
    try {
      const history = await readHistory(journal.past());
      digest.goOn(history.digest);
      const write = (event: RunEventBody) => journal.change({ change: {}, events: [event] });
      const queue = new QueuedMessages({ runId, write });
      queue.takeUp(history.view, history.leftQueue);
      return await act(queue);
    } finally {
      journal.close();
    }
  }

  async #putBack(run: Launched): Promise<void> {
    const { store, dispatcher } = this.#options;
    const { id } = run.record;
    const record = dispatcher.run(id) && (await store.runs.find(id).catch(() => run.record)); // it has to begin all the same
    const { rest } = run;
    run.working = undefined;
    if (record && !isEnded(record.state)) dispatcher.putBack(record);
    if (rest) run.rest = rest; // what is left of it was measured
    dispatcher.dispatch();
  }
}
