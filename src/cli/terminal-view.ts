import type { RunHandle } from '../contract/api.ts';
import type { RunOutcome } from '../contract/outcome.ts';
import { type Answer, type Request, refusalOf } from '../contract/request.ts';
import { answerIfOpen } from './answer.ts';
import { CtrlC } from './ctrl-c.ts';
import { Prompt } from './prompt.ts';
import { Renderer } from './renderer.ts';
import { Screen } from './screen.ts';
import { type Style, styleFor } from './style.ts';
import { showSummary } from './summary.ts';

export interface TerminalViewOptions {
  /** Allow whatever is asked for. */
  readonly yes: boolean;
}

/** A run on the standard streams: shown as it happens, with a person to ask when both are a terminal. */
export class TerminalView {
  readonly #handle: RunHandle;
  readonly #options: TerminalViewOptions;
  readonly #style: Style = styleFor(process.stdout);
  readonly #screen: Screen;
  readonly #renderer: Renderer;
  readonly #ctrlC: CtrlC;
  /** Undefined when there is nobody to ask. */
  readonly #prompt: Prompt | undefined;
  readonly #withdrawn = new Map<string, AbortController>();
  /** Questions are asked one after the other. */
  #asking: Promise<void> = Promise.resolve();
  readonly #ended = new AbortController();

  constructor(handle: RunHandle, options: TerminalViewOptions) {
    this.#handle = handle;
    this.#options = options;
    const { stdin: input, stdout: output } = process;
    const canAsk = input.isTTY === true && output.isTTY === true;
    this.#screen = new Screen({ output, isTerminal: output.isTTY === true && process.env.TERM !== 'dumb' });
    this.#renderer = new Renderer(this.#screen, this.#style);
    this.#ctrlC = new CtrlC({ onFirst: () => void this.#interrupt(), onSecond: () => this.#cancel() });
    const { screen, style, renderer } = { screen: this.#screen, style: this.#style, renderer: this.#renderer };
    const onInterrupt = () => this.#ctrlC.press();
    this.#prompt = canAsk ? new Prompt({ input, output, screen, style, renderer, onInterrupt }) : undefined;
  }

  /** Shows the run to its end. */
  async watch(): Promise<RunOutcome> {
    try {
      for await (const event of this.#handle.events()) {
        this.#renderer.show(event);
        if (event.type === 'request.opened') this.#ask(event.request);
        if (event.type === 'request.closed' || event.type === 'request.answered') {
          this.#withdrawn.get(event.requestId)?.abort();
        }
      }
      const outcome = await this.#handle.outcome;
      this.#ended.abort();
      await this.#asking;
      showSummary(outcome, this.#screen, this.#style);
      return outcome;
    } finally {
      this.#ctrlC.release();
    }
  }

  #ask(request: Request): void {
    const withdrawn = new AbortController();
    this.#withdrawn.set(request.id, withdrawn);
    this.#asking = this.#asking.then(async () => {
      if (withdrawn.signal.aborted) return;
      const answer = await this.#decide(request, withdrawn.signal);
      if (answer && !withdrawn.signal.aborted) answerIfOpen(this.#handle, request.id, answer);
    });
  }

  async #decide(request: Request, withdrawn: AbortSignal): Promise<Answer | undefined> {
    const isApproval = request.kind !== 'question' && request.kind !== 'elicitation';
    if (this.#options.yes && isApproval) {
      this.#screen.line(this.#style.quiet('? Codex asks for leave; --yes gives it'));
      return { kind: 'decision', behavior: 'allow' };
    }
    if (this.#prompt) return this.#prompt.answer(request, withdrawn).catch(() => undefined);
    const message = 'there is no terminal to ask at';
    const what = isApproval ? 'Codex asks for leave' : 'Codex asks a question';
    this.#screen.line(this.#style.warn(`? ${what}: declined, since ${message}`));
    return refusalOf(request, message);
  }

  /** Ends the turn; then the person says how it goes on, or that it does not. */
  async #interrupt(): Promise<void> {
    try {
      await this.#handle.interrupt();
    } catch {
      return this.#cancel(); // there is no session yet, or none any more
    }
    this.#ctrlC.reset();
    if (this.#ended.signal.aborted) return;
    await new Promise((resolve) => setImmediate(resolve)); // what the turn left to tell is shown first
    const label = '  what now? (a message goes on, nothing ends the run) > ';
    const message = (await this.#prompt?.line(label, this.#ended.signal))?.trim();
    if (message) await this.#handle.send(message).catch(() => this.#cancel());
    else this.#cancel();
  }

  #cancel(): void {
    this.#handle.cancel('cancelled with Ctrl-C');
  }
}
