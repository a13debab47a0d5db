import { eventBodySchema, type RunEventBody } from '../contract/event.ts';
import type { Item } from '../contract/item.ts';
import type { CodexNotification } from './client.ts';
import { CommandAudit } from './command-audit.ts';
import { cutTexts } from './cut-texts.ts';
import { toItem, unwrapShell } from './items.ts';
import { isText, OpenItems } from './open-items.ts';
import type { ServerNotifications } from './protocol/methods.ts';
import type { ThreadItem } from './protocol/v2/ThreadItem.ts';
import { SILENT } from './silent.ts';
import { toTurnStatus } from './turn.ts';
import { toUsage } from './usage.ts';

/**
 * Turns what Codex tells into events of the journal. It remembers which items are open, so that each one that was
 * started ends: completed by Codex, or dropped when Codex asks the model again, is steered, or ends the turn.
 */
export class JournalMapper {
  readonly #threadId: () => string | null;
  readonly #cwd: () => string;
  readonly #open = new OpenItems();
  readonly #audit = new CommandAudit();
  /** Turns that we end because they have tried for too long, with what there is to say of it. */
  readonly #givenUp = new Map<string, string>();
  /** What was told last, of the things that Codex tells again and again without news. */
  readonly #lastTold = new Map<string, string>();

  /** `threadId` tells the run's own thread, once it is known; `cwd` where its commands run. */
  constructor(threadId: () => string | null, cwd: () => string) {
    this.#threadId = threadId;
    this.#cwd = cwd;
  }

  /** A command has begun of which another process has told: Codex says nothing more of it to anybody new. */
  commandBegan(item: Extract<Item, { kind: 'command' }>): void {
    this.#audit.began(item.id, item.command, item.cwd);
  }

  /** A turn is about to be ended by us, and has failed. */
  giveUp(turnId: string, why: string): void {
    this.#givenUp.set(turnId, why);
  }

  /**
   * The events that one notification stands for; none, one, or several. One that is not as the pinned Codex would
   * send it is kept as it came. What is too large for a journal is cut.
   */
  map(method: string, params: unknown): RunEventBody[] {
    return this.#mapWhole(method, params).map((event) => cutTexts(event, method));
  }

  #mapWhole(method: string, params: unknown): RunEventBody[] {
    try {
      const events = this.#map(method, params);
      // Readers rely on what an event holds; a text that is a number would end some of them.
      if (events.every((event) => eventBodySchema.safeParse(event).success)) return events;
    } catch {
      // As below.
    }
    return [{ type: 'codex.notification', method, params }];
  }

  #map(method: string, params: unknown): RunEventBody[] {
    const notification = { method, params } as CodexNotification;
    switch (notification.method) {
      case 'turn/started':
        return [{ type: 'turn.started', turnId: notification.params.turn.id, ...this.#thread(notification.params) }];
      case 'turn/completed':
        return this.#endTurn(notification.params);
      case 'error':
        return this.#failOrRetry(notification.params);
      case 'item/started':
        return this.#startItem(notification.params);
      case 'item/completed':
        return this.#completeItem(notification.params);
      case 'rawResponseItem/completed': {
        const item = this.#audit.take(notification.params.item, this.#cwd());
        if (!item) return [];
        this.#open.complete(notification.params.turnId, item.id);
        return [{ type: 'item.completed', ...this.#turn(notification.params), item }];
      }
      case 'item/agentMessage/delta':
        return [this.#delta(notification.params, 'text')];
      case 'item/plan/delta':
        return [this.#delta(notification.params, 'plan')];
      case 'item/commandExecution/outputDelta':
        return [this.#delta(notification.params, 'output')];
      case 'item/reasoning/summaryTextDelta':
        return [this.#delta(notification.params, 'summary')];
      case 'item/reasoning/textDelta':
        return [this.#delta(notification.params, 'reasoning')];
      case 'item/reasoning/summaryPartAdded':
        if (notification.params.summaryIndex === 0) return [];
        return [this.#delta({ ...notification.params, delta: '\n\n' }, 'summary')];
      case 'turn/plan/updated': {
        const { explanation, plan } = notification.params;
        return [
          {
            type: 'plan.updated',
            ...this.#turn(notification.params),
            steps: plan,
            ...(explanation && { explanation }),
          },
        ];
      }
      case 'turn/diff/updated':
        if (!this.#isNews(`diff ${notification.params.turnId}`, notification.params.diff)) return [];
        return [{ type: 'diff.updated', ...this.#turn(notification.params), diff: notification.params.diff }];
      case 'thread/tokenUsage/updated': {
        const { total, last, modelContextWindow } = notification.params.tokenUsage;
        return [
          {
            type: 'usage.updated',
            ...this.#turn(notification.params),
            total: toUsage(total),
            last: toUsage(last),
            ...(typeof modelContextWindow === 'number' && { contextWindow: modelContextWindow }),
          },
        ];
      }
      case 'thread/settings/updated': {
        const { model, effort, approvalPolicy, activePermissionProfile } = notification.params.threadSettings;
        return [
          {
            type: 'settings.updated',
            ...this.#thread(notification.params),
            model,
            effort: effort ?? null,
            approvalPolicy: typeof approvalPolicy === 'string' ? approvalPolicy : 'granular',
            profile: activePermissionProfile?.id ?? null,
          },
        ];
      }
      case 'configWarning':
        return [notice('info', [notification.params.summary, notification.params.details].filter(Boolean).join(' '))];
      case 'deprecationNotice':
        return [notice('info', notification.params.summary)];
      case 'warning': {
        const { message } = notification.params;
        // Told before each turn with a model that is not OpenAI's; whoever chose one knows.
        return [notice(message.startsWith('Model metadata for') ? 'info' : 'warning', message)];
      }
      case 'guardianWarning':
        return [notice('warning', notification.params.message)];
      case 'account/rateLimits/updated':
        if (!this.#isNews('limits', JSON.stringify(params))) return [];
        return [{ type: 'codex.notification', method, params }];
      default:
        return SILENT.has(method) ? [] : [{ type: 'codex.notification', method, params }];
    }
  }

  #startItem(params: ServerNotifications['item/started']): RunEventBody[] {
    const { item, turnId } = params;
    if (this.#audit.hasGiven(item.id)) return [];
    const events: RunEventBody[] = [];
    // A message that is steered into a turn cuts what the model was saying; Codex never completes that item.
    if (item.type === 'userMessage') events.push(...this.#drop(params, 'steered', isText));
    this.#open.add(turnId, item.id, item.type);
    if (item.type === 'commandExecution') this.#audit.began(item.id, unwrapShell(item.command ?? ''), item.cwd ?? '');
    else this.#audit.told(item.id);
    events.push({ type: 'item.started', ...this.#turn(params), item: toItem(item) }, ...takenBy(params));
    return events;
  }

  #completeItem(params: ServerNotifications['item/completed']): RunEventBody[] {
    const item = toItem(params.item);
    if (this.#audit.hasGiven(item.id)) return [];
    const wasOpen = this.#open.complete(params.turnId, item.id);
    this.#audit.told(item.id);
    // After a reconnect Codex may tell the end of a message only: its start fell between the snapshot and the rest.
    return [{ type: 'item.completed', ...this.#turn(params), item }, ...(wasOpen ? [] : takenBy(params))];
  }

  #endTurn(params: ServerNotifications['turn/completed']): RunEventBody[] {
    const { id: turnId, status, error, durationMs } = params.turn;
    const at = { threadId: params.threadId, turnId };
    // A command may outlive its turn, and Codex tells its end then; everything else is over.
    const dropped = this.#drop(at, 'turnEnded', (type) => type !== 'commandExecution');
    this.#lastTold.delete(`diff ${turnId}`);
    const why = this.#givenUp.get(turnId) ?? error?.message;
    const hasFailed = this.#givenUp.delete(turnId);
    return [
      ...dropped,
      {
        type: 'turn.ended',
        ...this.#turn(at),
        status: hasFailed ? 'failed' : toTurnStatus(status),
        ...(typeof why === 'string' && { error: why }),
        ...(typeof durationMs === 'number' && { durationMs }),
      },
    ];
  }

  /** The last `error` of a turn is repeated by its end, so only the passing ones are told. */
  #failOrRetry(params: ServerNotifications['error']): RunEventBody[] {
    if (!params.willRetry) return [];
    const { message, additionalDetails } = params.error;
    const told = [message, additionalDetails].filter(Boolean).join(': ');
    return [...this.#drop(params, 'retry', isText), { type: 'turn.retrying', ...this.#turn(params), message: told }];
  }

  #drop(
    at: { threadId: string; turnId: string },
    reason: 'retry' | 'steered' | 'turnEnded',
    applies: (type: ThreadItem['type']) => boolean,
  ): RunEventBody[] {
    const dropped = this.#open.drop(at.turnId, applies);
    return dropped.map((itemId) => ({ type: 'item.dropped', ...this.#turn(at), itemId, reason }));
  }

  #isNews(about: string, told: string): boolean {
    if (this.#lastTold.get(about) === told) return false;
    this.#lastTold.set(about, told);
    return true;
  }

  #delta(
    params: { threadId: string; turnId: string; itemId: string; delta: string },
    part: 'text' | 'summary' | 'reasoning' | 'output' | 'plan',
  ): RunEventBody {
    return { type: 'item.delta', ...this.#turn(params), itemId: params.itemId, part, delta: params.delta };
  }

  #turn(params: { threadId: string; turnId: string }): { turnId: string; threadId?: string } {
    return { turnId: params.turnId, ...this.#thread(params) };
  }

  /** The run's own thread goes without saying. */
  #thread(params: { threadId: string }): { threadId?: string } {
    return params.threadId === this.#threadId() ? {} : { threadId: params.threadId };
  }
}

/** Which message of ours became Codex's with this item. */
function takenBy({ item, turnId }: { readonly item: ThreadItem; readonly turnId: string }): RunEventBody[] {
  if (item.type !== 'userMessage' || typeof item.clientId !== 'string') return [];
  return [{ type: 'message.taken', messageId: item.clientId, turnId }];
}

function notice(level: 'info' | 'warning', message: string): RunEventBody {
  return { type: 'notice', level, message };
}
