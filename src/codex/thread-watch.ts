import type { FileChange } from '../contract/item.ts';
import type { CodexNotification } from './client.ts';
import { checkProfile } from './handshake.ts';
import { toFileChange } from './items.ts';
import { Newest } from './newest.ts';
import type { ThreadStartResponse } from './protocol/v2/ThreadStartResponse.ts';
import type { TurnStartParams } from './protocol/v2/TurnStartParams.ts';

export interface ThreadWatchOptions {
  readonly expectProfile: string | undefined;
  readonly reasoningEffort: string | undefined;
  /** Patches that wait since before we came. */
  readonly known?: { readonly changes: Readonly<Record<string, readonly FileChange[]>> } | undefined;
}

interface Patch {
  /** Of a sub-agent as well; undefined for one that was known before we came. */
  readonly threadId: string | undefined;
  readonly changes: readonly FileChange[];
}

/** What has to be remembered of a thread between its messages: its model and effort, and the patches that wait for permission. */
export class ThreadWatch {
  readonly #threadId: string;
  readonly #options: ThreadWatchOptions;
  readonly #patches = new Newest<Patch>();
  #modelId: string | null;
  #effort: string | undefined;
  #overrides: Partial<TurnStartParams>;

  constructor(thread: Pick<ThreadStartResponse, 'thread' | 'model' | 'reasoningEffort'>, options: ThreadWatchOptions) {
    this.#threadId = thread.thread.id;
    this.#options = options;
    for (const [id, changes] of Object.entries(options.known?.changes ?? {}))
      this.#remember(id, { threadId: undefined, changes });
    this.#modelId = thread.model ?? null;
    this.#effort = options.reasoningEffort ?? thread.reasoningEffort ?? undefined;
    this.#overrides = options.reasoningEffort ? { effort: options.reasoningEffort } : {};
  }

  get modelId(): string | null {
    return this.#modelId;
  }

  /** How hard the model is to think, where somebody has said so. */
  get effort(): string | undefined {
    return this.#effort;
  }

  /** Sticky as the model is. */
  requestEffort(effort: string): void {
    this.#effort = effort;
    this.#overrides = { ...this.#overrides, effort };
  }

  /** The model is sticky in Codex: sent until a turn with it was accepted, and not again. */
  requestModel(model: string): void {
    this.#modelId = model;
    this.#overrides = { ...this.#overrides, model };
  }

  /** What the next turn has to say about model and effort. */
  get overrides(): Partial<TurnStartParams> {
    return this.#overrides;
  }

  /** Codex has accepted a turn that said this: it holds from now on. What was asked for since is still to be said. */
  onAccepted({ model, effort }: Partial<TurnStartParams>): void {
    const { model: nextModel, effort: nextEffort } = this.#overrides;
    this.#overrides = {
      ...(nextModel !== model && { model: nextModel }),
      ...(nextEffort !== effort && { effort: nextEffort }),
    };
  }

  /** The changes that a file change would make, also one of a sub-agent's. */
  changesOf(itemId: string): readonly FileChange[] {
    return this.#patches.get(itemId)?.changes ?? [];
  }

  #remember(itemId: string, patch: Patch): void {
    const size = patch.changes.reduce((sum, { path, diff }) => sum + path.length + diff.length, 0);
    this.#patches.set(itemId, patch, 200 + 2 * size);
  }

  /** A turn is over with all its patches, but those of other threads may wait on. */
  #forget(threadId: string): void {
    for (const [itemId, patch] of this.#patches.entries()) {
      if (patch.threadId === threadId) this.#patches.delete(itemId);
    }
  }

  /** Throws `sandbox-changed` when somebody has changed the permission profile. */
  onNotification(notification: CodexNotification): void {
    const { method, params } = notification;
    if (method === 'item/started' && params.item.type === 'fileChange') {
      const changes = (params.item.changes ?? []).map(toFileChange);
      this.#remember(params.item.id, { threadId: params.threadId, changes });
    } else if (method === 'item/fileChange/patchUpdated') {
      this.#remember(params.itemId, { threadId: params.threadId, changes: params.changes.map(toFileChange) });
    } else if (method === 'item/completed') {
      this.#patches.delete(params.item.id);
    } else if (method === 'turn/completed') {
      this.#forget(params.threadId);
    } else if (method === 'thread/settings/updated') {
      const settings: Partial<typeof params.threadSettings> | null = params.threadSettings;
      // Of a sub-agent's thread as well: what it runs is run for us.
      checkProfile(this.#options.expectProfile, settings?.activePermissionProfile?.id, true);
      if (params.threadId !== this.#threadId) return;
      if (!this.#overrides.model && typeof settings?.model === 'string') this.#modelId = settings.model;
    }
  }
}
