import { activityOfRequest } from '../../contract/activity.ts';
import type { RunEvent } from '../../contract/event.ts';
import type { RunState } from '../../contract/outcome.ts';
import type { Screen } from '../terminal/screen.ts';
import { oneLine } from '../terminal/text.ts';

/** Characters of what is asked for, in the line that says that it waits for an answer. */
const MAX_REQUEST = 60;

const DOING: Partial<Record<RunState, string>> = {
  scheduled: 'waiting for its turn to begin',
  starting: 'starting codex',
  paused: 'paused',
  cancelling: 'stopping codex',
};

/** What a run does now, for a line that says so, and since when. A command that waits for approval does not run. */
export class Doing {
  readonly #screen: Screen;
  /** What is asked and has no answer, by request: its words, and when it was asked. */
  readonly #asked = new Map<string, { readonly words: string; readonly at: number }>();
  #label = '';
  #at = 0;

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  /** To be called with each event, before anything is said of it. */
  follow(event: RunEvent): void {
    this.#at = Date.parse(event.at);
    switch (event.type) {
      case 'run.state':
        this.is(DOING[event.state] ?? 'working');
        break;
      case 'request.opened':
        this.#asked.set(event.request.id, {
          words: oneLine(activityOfRequest(event.request, undefined), MAX_REQUEST),
          at: this.#at,
        });
        this.#show();
        break;
      case 'request.answered':
        this.#settle(event.requestId, event.answer.kind === 'decision' && event.answer.behavior !== 'allow');
        break;
      case 'request.closed':
        this.#settle(event.requestId);
        break;
      case 'session.started':
      case 'turn.started':
      case 'item.completed':
        this.is('working');
        break;
      case 'turn.ended':
        if (!event.threadId) this.is('between two turns');
        break;
      case 'session.ended':
        this.#asked.clear();
        this.is('clearing up');
        break;
      default:
        break;
    }
  }

  /** Does something since the last event, in words such as `running npm test`. */
  is(label: string): void {
    this.#label = label;
    this.#show();
  }

  /** `isNo`: what was asked for is not done. */
  #settle(requestId: string, isNo = false): void {
    if (!this.#asked.delete(requestId)) return;
    if (isNo) this.#label = 'working';
    this.#show();
  }

  #show(): void {
    const [asked] = this.#asked.values();
    if (asked) this.#screen.spin(asked.words, asked.at);
    else this.#screen.spin(this.#label, this.#at);
  }
}
