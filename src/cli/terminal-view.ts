import type { RunEvent } from '../contract/event.ts';
import type { RunOutcome } from '../contract/outcome.ts';
import type { Request } from '../contract/request.ts';
import type { RunHandle } from '../contract/run-handle.ts';
import { CtrlC } from './ctrl-c.ts';
import { tellError } from './error-view.ts';
import { readJournal } from './journal.ts';
import type { Outlet } from './outlet.ts';
import { pastOf } from './past.ts';
import { Prompt } from './prompt.ts';
import { Renderer } from './renderer.ts';
import { RequestView } from './request-view.ts';
import { applyRule, NOBODY, type RuleOptions, ruleFor } from './rule.ts';
import { Screen } from './screen.ts';
import { type Style, styleFor } from './style.ts';
import { showSummary } from './summary.ts';
import { answerIfOpen, cancelRun } from './tell-run.ts';

export interface TerminalViewOptions {
  readonly output: Outlet;
  readonly complaints: Outlet;
  /** Allow whatever is asked for. */
  readonly yes: boolean;
  /** It was begun elsewhere: its messages are shown too. */
  readonly isAttached?: boolean;
}

/** A run on the standard streams: shown as it happens, with a person to ask when both are a terminal. */
export class TerminalView {
  readonly #handle: RunHandle;
  readonly #output: Outlet;
  readonly #complaints: Outlet;
  readonly #style: Style;
  readonly #screen: Screen;
  readonly #renderer: Renderer;
  readonly #requests: RequestView;
  readonly #ctrlC: CtrlC;
  readonly #ruling: RuleOptions;
  /** Undefined when there is nobody to ask. */
  readonly #prompt: Prompt | undefined;
  readonly #withdrawn = new Map<string, AbortController>();
  /** Questions are asked one after the other. */
  #asking: Promise<void> = Promise.resolve();
  #isCancelled = false;
  /** It goes on by itself, or when somebody says so elsewhere. */
  #isPaused = false;
  /** No turn runs, and a person is asked how to go on. */
  #isIdle = false;
  readonly #ended = new AbortController();

  constructor(handle: RunHandle, { output, complaints, yes, isAttached = false }: TerminalViewOptions) {
    this.#handle = handle;
    this.#output = output;
    this.#complaints = complaints;
    const canAsk = process.stdin.isTTY === true && output.isTerminal;
    const style = styleFor({ isTTY: output.isTerminal });
    const screen = new Screen({ output, style, isTerminal: output.isTerminal && process.env.TERM !== 'dumb' });
    this.#style = style;
    this.#screen = screen;
    this.#renderer = new Renderer(screen, style, { showsMessages: isAttached });
    this.#requests = new RequestView({ screen, style, changes: this.#renderer.changes });
    this.#ctrlC = new CtrlC({ onFirst: () => this.#interrupt(), onSecond: (what) => this.#cancel(what) });
    this.#ruling = { yes, canAsk };
    const onInterrupt = () => this.#ctrlC.press();
    const { stdin: input } = process;
    const asking = { input, output: output.stream, screen, style, requests: this.#requests, onInterrupt };
    this.#prompt = canAsk ? new Prompt(asking) : undefined;
  }

  /** Shows the run to its end. */
  async watch(): Promise<RunOutcome> {
    // From then on there is nothing to stop but us.
    const release = () => this.#ctrlC.release();
    void this.#handle.outcome.then(release, release);
    void applyRule(this.#handle, this.#ruling).catch(() => {}); // what keeps it from reading keeps us from it too
    const outcome = await this.#show();
    this.#showEnd(outcome);
    return outcome;
  }

  async #show(): Promise<RunOutcome> {
    const onLost = () =>
      this.#screen.line(this.#style.warn('! this output is being read too slowly: the rest of the run is not shown'));
    try {
      const isPast = pastOf(await this.#handle.view());
      for await (const event of readJournal(this.#handle, this.#output, onLost)) {
        this.#renderer.show(event);
        if (event.type === 'run.state') this.#isPaused = event.state === 'paused';
        if (isPast(event)) this.#showPast(event);
        else this.#follow(event);
      }
      return await this.#handle.outcome;
    } finally {
      await this.#stopAsking();
    }
  }

  /** The run is over, or left: a question that nobody has answered would keep the process from its end. */
  async #stopAsking(): Promise<void> {
    this.#ended.abort();
    for (const withdrawn of this.#withdrawn.values()) withdrawn.abort();
    await this.#asking;
  }

  /** What has never begun needs no summary. */
  #showEnd(outcome: RunOutcome): void {
    this.#screen.rest();
    if (outcome.error && !outcome.threadId) tellError(outcome.error, this.#complaints);
    else showSummary(this.#handle.id, outcome, this.#screen, this.#style);
  }

  #follow(event: RunEvent): void {
    switch (event.type) {
      case 'request.opened':
        this.#ask(event.request);
        break;
      case 'request.answered':
      case 'request.closed':
        this.#withdrawn.get(event.requestId)?.abort();
        this.#withdrawn.delete(event.requestId);
        break;
      case 'turn.ended':
        if (event.status === 'interrupted' && !event.threadId && !this.#isPaused) this.#askHowToGoOn();
        break;
      default:
        break;
    }
  }

  /** What was asked before somebody watched, and what became of it. */
  #showPast(event: RunEvent): void {
    if (event.type === 'request.opened') {
      this.#requests.show(event.request);
      this.#requests.showQuestions(event.request);
    } else if (event.type === 'request.answered') this.#requests.showAnswer(event);
  }

  #ask(request: Request): void {
    const given = ruleFor(this.#ruling)(request);
    if (given || !this.#prompt) {
      const isYes = given?.kind === 'decision' && given.behavior === 'allow';
      this.#requests.show(request);
      this.#requests.showQuestions(request);
      this.#requests.showVerdict(isYes ? 'allowed, as --yes says' : `declined, since ${NOBODY}`, isYes);
      return;
    }
    const withdrawn = new AbortController();
    this.#withdrawn.set(request.id, withdrawn);
    this.#inTurn(async (prompt) => {
      if (withdrawn.signal.aborted) return;
      const answer = await prompt.answer(request, withdrawn.signal).catch(() => undefined);
      if (answer && !withdrawn.signal.aborted) answerIfOpen(this.#handle, request.id, answer, 'terminal');
    });
  }

  /** The turn was interrupted, by whomever: a person says how it goes on, or that it does not. */
  #askHowToGoOn(): void {
    this.#ctrlC.reset();
    this.#isIdle = true;
    this.#inTurn(async (prompt) => {
      if (this.#isCancelled || this.#ended.signal.aborted) return;
      const label = '  what now? (say how to go on; Enter alone ends the run) > ';
      const message = (await prompt.line(label, this.#ended.signal))?.trim();
      this.#isIdle = false;
      if (message) await this.#handle.send(message).catch(() => this.#cancel('Ctrl-C'));
      else this.#cancel('Ctrl-C');
    });
  }

  #inTurn(ask: (prompt: Prompt) => Promise<void>): void {
    const prompt = this.#prompt;
    if (prompt) this.#asking = this.#asking.then(() => ask(prompt));
  }

  /** Ends the turn; that it has ended is told by the journal. Between turns there is nothing to end but the run. */
  #interrupt(): void {
    if (this.#isIdle) {
      this.#cancel('Ctrl-C'); // pressed before the terminal was ours: while we ask, it hands Ctrl-C to the question
      return;
    }
    this.#screen.spin('interrupting');
    this.#handle.interrupt().catch(() => this.#cancel('Ctrl-C')); // no session yet, or none any more
  }

  #cancel(what: string): void {
    this.#isCancelled = true;
    this.#screen.spin('stopping codex');
    cancelRun(this.#handle, `cancelled with ${what}`);
  }
}
