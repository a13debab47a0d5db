import { isDeepStrictEqual } from 'node:util';
import type { RunEvent, RunEventOf } from '../../contract/event.ts';
import type { Answer, Request } from '../../contract/request.ts';
import type { RunHandle } from '../../contract/run-handle.ts';
import type { Outlet } from '../outlet.ts';
import { howToAnswer } from '../requests/answer-hint.ts';
import { RequestView } from '../requests/request-view.ts';
import { Screen } from '../terminal/screen.ts';
import { type Style, styleFor } from '../terminal/style.ts';
import type { Ending, Leaving } from './ending.ts';
import { orLeft, readJournal } from './journal.ts';
import { type Past, pastOf } from './past.ts';
import { Renderer } from './renderer.ts';
import { applyRule, NOBODY, type RuleOptions, ruleFor } from './rule.ts';
import { showEnd } from './summary.ts';
import { Unanswered } from './unanswered.ts';
import { UnattendedSignals } from './unattended-signals.ts';

export interface ViewOptions {
  readonly output: Outlet;
  readonly complaints: Outlet;
  /** What becomes of what is asked. */
  readonly rule: RuleOptions;
  /** It was begun elsewhere, and goes on whatever becomes of us: its messages are shown, and a signal ends us alone. */
  readonly isAttached: boolean;
  /** Whoever looks has just written the first message: it is not shown (false). */
  readonly knowsFirst?: boolean;
  /** It is over after the first turn that comes to its end, as far as we know. */
  readonly endsWithTurn?: boolean;
  readonly leaving: Leaving;
}

/** A run as it happens, for whoever reads the output; nobody types anything. */
export class PlainView {
  readonly #handle: RunHandle;
  readonly #options: ViewOptions;
  readonly #style: Style;
  readonly #screen: Screen;
  readonly #renderer: Renderer;
  readonly #requests: RequestView;
  /** What our rule answers, by request; another answer may be faster. */
  readonly #ruled = new Map<string, Answer>();
  readonly #unanswered: Unanswered;

  constructor(handle: RunHandle, options: ViewOptions) {
    const { output, knowsFirst = false } = options;
    this.#handle = handle;
    this.#options = options;
    this.#unanswered = new Unanswered(options.leaving);
    this.#style = styleFor({ isTTY: output.isTerminal });
    const isTerminal = output.isTerminal && process.env.TERM !== 'dumb';
    this.#screen = new Screen({ output, style: this.#style, isTerminal });
    this.#renderer = new Renderer(this.#screen, this.#style, { knowsFirst });
    this.#requests = new RequestView({
      screen: this.#screen,
      style: this.#style,
      changes: this.#renderer.changes,
    });
  }

  /** Shows the run until it has ended or was left. */
  async watch(): Promise<Ending> {
    const { rule, isAttached, leaving, complaints } = this.#options;
    const signals = new UnattendedSignals(this.#handle, { isAttached, rule, leaving });
    const past = this.#handle.view().then(pastOf); // all of the run, which is read once
    const onRefused = (thrown: unknown) => this.#unanswered.refuse(thrown);
    void applyRule(this.#handle, rule, { left: this.#unanswered.signal, past, onRefused }).catch(() => {}); // what keeps it from reading keeps us from it too
    try {
      const ending = await this.#show(past);
      this.#screen.rest();
      if ('outcome' in ending)
        showEnd(this.#handle.id, ending.outcome, { screen: this.#screen, style: this.#style, complaints });
      else this.#screen.startLine();
      return ending;
    } finally {
      signals.release();
      this.#screen.rest();
    }
  }

  async #show(past: Promise<Past>): Promise<Ending> {
    const { output } = this.#options;
    const left = this.#unanswered.signal;
    const onLost = () =>
      this.#screen.line(this.#style.warn('! this output is being read too slowly: the rest of the run is not shown'));
    const isPast = await past;
    for await (const event of readJournal(this.#handle, { output, onLost, left })) {
      this.#renderer.show(event);
      this.#follow(event, isPast(event));
    }
    const outcome = await orLeft(this.#handle.outcome, left);
    return outcome ? { outcome } : this.#unanswered.ending;
  }

  #follow(event: RunEvent, isPast: boolean): void {
    if (event.type === 'request.opened') this.#showRequest(event.request, isPast);
    else if (event.type === 'request.answered') this.#showAnswer(event);
    else if (event.type === 'request.closed') this.#ruled.delete(event.requestId);
  }

  #showRequest(request: Request, isPast: boolean): void {
    const given = isPast ? undefined : ruleFor(this.#options.rule)(request);
    this.#requests.show(request);
    this.#requests.showQuestions(request);
    if (given) this.#ruled.set(request.id, given);
    else if (!isPast) this.#options.complaints.write(howToAnswer(this.#handle.id, request));
  }

  #showAnswer(event: RunEventOf<'request.answered'>): void {
    const ruled = this.#ruled.get(event.requestId);
    this.#ruled.delete(event.requestId);
    if (ruled && isDeepStrictEqual(ruled, event.answer)) {
      const isYes = ruled.kind === 'decision' && ruled.behavior === 'allow';
      this.#requests.showVerdict(isYes ? 'allowed, as --yes says' : `declined, since ${NOBODY}`, isYes);
    } else this.#requests.showAnswer(event);
  }
}
