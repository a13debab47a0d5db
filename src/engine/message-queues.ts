import { randomUUID } from 'node:crypto';
import { checkIdempotencyKey, keyReused } from '../contract/create-options.ts';
import { MAX_IMAGES } from '../contract/image-type.ts';
import {
  MAX_IMAGE_NAME,
  type MessageQueue,
  type QueuedMessage,
  type QueueMessageOptions,
  type QueueState,
} from '../contract/message-queue.ts';
import { fromUnknown, OptioError } from '../errors.ts';
import type { Store } from '../store/store.ts';
import type { Counters } from './counters.ts';
import type { Dispatcher } from './dispatcher.ts';
import { viewOf } from './history.ts';
import { IdleQueues } from './idle-queues.ts';
import { isOver, isSent } from './queue-refusals.ts';
import type { QueuedMessages } from './queued-messages.ts';
import type { RunReader } from './run-reader.ts';

export interface MessageQueuesOptions {
  readonly store: Pick<Store, 'runs' | 'journal' | 'messages'>;
  readonly dispatcher: Dispatcher;
  readonly reader: RunReader;
  readonly counters: Counters;
}

/** The queues of all runs, for whoever changes them: by way of whoever works on the run, or else in its journal. */
export class MessageQueues {
  readonly #messages: Store['messages'];
  readonly #dispatcher: Dispatcher;
  readonly #reader: RunReader;
  readonly #idle: IdleQueues;

  constructor({ store, dispatcher, reader, counters }: MessageQueuesOptions) {
    this.#messages = store.messages;
    this.#dispatcher = dispatcher;
    this.#reader = reader;
    this.#idle = new IdleQueues({ store, dispatcher, counters });
  }

  /** That of one run. */
  of(runId: string): MessageQueue {
    const change = (act: (queue: QueuedMessages) => Promise<void>) => this.#change(runId, act);
    const changeOne = (id: string, act: (queue: QueuedMessages) => Promise<void>) =>
      change(act).catch((thrown) => this.#why(runId, id, thrown));
    return {
      list: () => this.#list(runId),
      add: (text, options) => this.#add(runId, text, options),
      edit: (id, text, options) => changeOne(id, (queue) => queue.edit(id, text, options)),
      move: (id, before) => changeOne(id, (queue) => queue.move(id, before)),
      remove: (id) => changeOne(id, (queue) => queue.remove(id)),
      clear: () => change((queue) => queue.clear()),
      hold: (id) => changeOne(id, (queue) => queue.hold(id)),
      release: (id) => changeOne(id, (queue) => queue.release(id)),
      pause: () => change((queue) => queue.pauseByWish()),
      resume: () => change((queue) => queue.resume()),
    };
  }

  async #list(runId: string): Promise<QueueState> {
    const live = this.#dispatcher.run(runId)?.live;
    if (live && !live.detached.aborted) {
      await live.waiting.known;
      return live.waiting.state;
    }
    await this.#reader.known(runId);
    const { queue, queuePause } = await viewOf(this.#reader.past(runId));
    return { messages: queue, pause: queuePause };
  }

  async #add(runId: string, text: string, options: QueueMessageOptions = {}): Promise<QueuedMessage> {
    const { images = [], idempotencyKey, by } = options;
    if (idempotencyKey !== undefined) checkIdempotencyKey(idempotencyKey);
    if (images.length > MAX_IMAGES) throw tooManyImages(images.length);
    if (images.some((name) => name.length > MAX_IMAGE_NAME)) throw longName();
    const message = { id: idempotencyKey ?? randomUUID(), text, images: [...images], ...(by !== undefined && { by }) };
    return this.#change(runId, async (queue) => {
      const sent = await this.#messages.find(runId, message.id);
      if (!sent) return queue.add(message);
      if (sent.text !== text) throw keyReused(message.id, 'another message');
      return message; // it had waited, and was sent meanwhile
    });
  }

  async #change<T>(runId: string, act: (queue: QueuedMessages) => Promise<T>): Promise<T> {
    for (;;) {
      const run = this.#dispatcher.run(runId);
      if (this.#dispatcher.isStopped) throw isClosed();
      if (!run) {
        await this.#reader.known(runId);
        throw isOver(runId);
      }
      if (run.isTaken && !run.live) {
        await run.changed; // somebody takes it up just now, or writes to it
        continue;
      }
      const { live } = run;
      try {
        if (!live) return await this.#idle.change(run, act);
        await live.waiting.known;
        return await act(live.waiting);
      } catch (thrown) {
        const { code } = fromUnknown(thrown);
        const isLate = code === 'claim-lost' || code === 'conversation-not-ready';
        const isLeft = live !== undefined || run.isTaken;
        if (!isLate || !isLeft || live?.order || this.#dispatcher.isDraining) throw thrown;
        await run.working; // it ends just then, or is tried again
      }
    }
  }

  /** Of one that was sent it is no secret that it does not wait. */
  async #why(runId: string, id: string, thrown: unknown): Promise<never> {
    if (fromUnknown(thrown).code === 'not-found' && (await this.#messages.find(runId, id))) throw isSent(id);
    throw thrown;
  }
}

function tooManyImages(count: number): OptioError {
  return new OptioError('invalid-input', `images: ${count} are more than may go with a message`, {
    field: 'images',
    remedy: `Send at most ${MAX_IMAGES} with each message.`,
  });
}

function longName(): OptioError {
  return new OptioError('invalid-input', `images: a name is longer than ${MAX_IMAGE_NAME} characters`, {
    field: 'images',
    remedy: 'Name pictures by their paths in the workspace.',
  });
}

function isClosed(): OptioError {
  return new OptioError('aborted', 'optio-codex is closed here', {
    remedy: 'Ask the process that opens its data next.',
  });
}
