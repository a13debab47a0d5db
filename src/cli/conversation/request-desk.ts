import { isDeepStrictEqual } from 'node:util';
import type { RunEventOf } from '../../contract/event.ts';
import { type Answer, type Request, refusalOf, withoutSecrets } from '../../contract/request.ts';
import type { RunHandle } from '../../contract/run-handle.ts';
import { tellProblem } from '../error-view.ts';
import type { RequestView } from '../requests/request-view.ts';
import type { Reader } from '../terminal/reader.ts';
import type { Screen } from '../terminal/screen.ts';
import type { Style } from '../terminal/style.ts';
import { isApproval } from '../watching/rule.ts';
import { isOpenNoMore } from '../watching/tell-run.ts';
import { Prompt } from './prompt.ts';

export interface RequestDeskOptions {
  readonly handle: RunHandle;
  readonly reader: Reader;
  readonly screen: Screen;
  readonly style: Style;
  readonly requests: RequestView;
  /** Which request is asked has changed. */
  readonly onChange: () => void;
}

/** A request that waits, and what takes the question back. */
interface Waiting {
  readonly request: Request;
  readonly withdrawn: AbortController;
}

/** Requests that wait for the person at the terminal: asked one after the other, until somebody has answered. */
export class RequestDesk {
  readonly #options: RequestDeskOptions;
  readonly #prompt: Prompt;
  readonly #waiting: Waiting[] = [];
  /** What was answered from here; another answer may have been faster. */
  readonly #ours = new Map<string, Answer>();
  #asking: Promise<void> | undefined;
  /** How many were asked since none was open. */
  #position = 0;
  #isClosed = false;

  constructor(options: RequestDeskOptions) {
    this.#options = options;
    this.#prompt = new Prompt(options);
  }

  /** Which of how many is asked; null when none is. */
  get asked(): { readonly position: number; readonly open: number } | null {
    if (this.#waiting.length === 0) return null;
    return { position: this.#position, open: this.#position + this.#waiting.length - 1 };
  }

  opened(request: Request): void {
    this.#waiting.push({ request, withdrawn: new AbortController() });
    this.#options.onChange();
    this.#asking ??= this.#askAll();
  }

  /** Somebody has answered, or nobody has to any more. */
  settled(event: RunEventOf<'request.answered' | 'request.closed'>): void {
    const ours = this.#ours.get(event.requestId);
    this.#ours.delete(event.requestId);
    const isOurs = ours !== undefined && (event.type === 'request.closed' || isDeepStrictEqual(ours, event.answer));
    const waiting = this.#find(event.requestId);
    if (event.type === 'request.answered') {
      this.#options.requests.showAnswer({ answer: event.answer, by: isOurs ? undefined : event.by });
    } else if (waiting && !isOurs) this.#options.requests.showVerdict('this needs no answer any more', false);
    waiting?.withdrawn.abort();
  }

  /** Answers the request that is asked, unless it is none that can be allowed or denied. Throws what the answer throws. */
  async decide(behavior: 'allow' | 'deny', more: { forSession?: boolean; interrupt?: boolean }): Promise<boolean> {
    const [current] = this.#waiting;
    if (!current || (behavior === 'allow' && !isApproval(current.request))) return false;
    const { request } = current;
    await this.#give(request, isApproval(request) ? { kind: 'decision', behavior, ...more } : refusalOf(request, ''));
    current.withdrawn.abort();
    return true;
  }

  /** Asks nothing any more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const { withdrawn } of this.#waiting) withdrawn.abort();
    await this.#asking;
  }

  async #askAll(): Promise<void> {
    this.#position = 0;
    for (let [next] = this.#waiting; next && !this.#isClosed; [next] = this.#waiting) {
      this.#position++;
      await this.#ask(next);
      this.#waiting.shift();
      this.#options.onChange();
    }
    this.#asking = undefined;
  }

  /** Asks until there is an answer that was taken, or none is wanted any more. */
  async #ask({ request, withdrawn }: Waiting): Promise<void> {
    const { requests, screen, style } = this.#options;
    if (withdrawn.signal.aborted) return;
    const { position, open } = this.asked ?? { position: 1, open: 1 };
    requests.show(request, open > 1 ? ` (${position} of ${open})` : '');
    while (!withdrawn.signal.aborted) {
      const answer = await this.#prompt.answer(request, withdrawn.signal).catch(() => undefined);
      if (!answer || withdrawn.signal.aborted) return;
      try {
        return await this.#give(request, answer);
      } catch (thrown) {
        tellProblem(thrown, screen, style);
      }
    }
  }

  async #give(request: Request, answer: Answer): Promise<void> {
    this.#ours.set(request.id, withoutSecrets(request, answer));
    try {
      await this.#options.handle.answer(request.id, answer, { via: 'terminal' });
    } catch (thrown) {
      this.#ours.delete(request.id);
      // Somebody else was faster: the journal tells what they said.
      if (!isOpenNoMore(thrown)) throw thrown;
    }
  }

  #find(requestId: string): Waiting | undefined {
    return this.#waiting.find(({ request }) => request.id === requestId);
  }
}
