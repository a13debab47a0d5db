import type { Request } from '../../contract/request.ts';
import type { RunTurn } from '../../contract/run-handle.ts';
import { tellProblem } from '../error-view.ts';
import type { Outlet } from '../outlet.ts';
import { RequestView } from '../requests/request-view.ts';
import { type AreaContent, LiveArea } from '../terminal/live-area.ts';
import type { Composer, ComposerEvents } from '../terminal/reader.ts';
import { Screen } from '../terminal/screen.ts';
import { type Style, styleFor } from '../terminal/style.ts';
import { printable } from '../terminal/text.ts';
import { Renderer } from '../watching/renderer.ts';
import { completeCommand } from './conversation-commands.ts';
import { LineComposer } from './line-composer.ts';
import { LiveComposer } from './live-composer.ts';
import type { RunStatus } from './run-status.ts';
import { FRAME_MS, type StatusOptions, statusLine } from './status-line.ts';

/** Of the rows of a terminal, those that the input may take at most. */
const INPUT_SHARE = 0.5;
/** Who still runs so long after the order to stop, in milliseconds, was not stopped. */
const UNSTOPPED_MS = 200;

export interface ConversationScreenOptions extends ComposerEvents {
  readonly output: Outlet;
  readonly status: RunStatus;
  /** Whoever sits there has just written the first message. */
  readonly knowsFirst: boolean;
  readonly asked: () => StatusOptions['asked'];
}

/** What a conversation looks like: what was said, and under it a line that says where the run stands, and the input. */
export class ConversationScreen {
  readonly style: Style;
  readonly screen: Screen;
  readonly renderer: Renderer;
  readonly requests: RequestView;
  readonly composer: Composer;
  /** What the person should know next. */
  hint: string | undefined;
  readonly #options: ConversationScreenOptions;
  /** Undefined at a terminal that cannot be written over. */
  readonly #area: LiveArea | undefined;
  #ticking: NodeJS.Timeout | undefined;
  #unsent = 0;
  readonly #redraw = () => this.#area?.draw();

  constructor(options: ConversationScreenOptions) {
    const { output, knowsFirst } = options;
    const isPlain = process.env.TERM === 'dumb';
    this.#options = options;
    this.style = styleFor({ isTTY: output.isTerminal });
    const { style } = this;
    const live = isPlain ? undefined : this.#makeLive();
    this.#area = live?.area;
    this.screen = new Screen({ output, style, isTerminal: !isPlain, area: live?.area });
    const { stdin: input } = process;
    this.composer =
      live?.composer ?? new LineComposer({ ...options, input, output: output.stream, screen: this.screen });
    this.renderer = new Renderer(this.screen, style, { knowsFirst });
    this.requests = new RequestView({ screen: this.screen, style, changes: this.renderer.changes });
  }

  open(): void {
    this.composer.open();
    this.#area?.open();
    this.#options.output.stream.on('resize', this.#redraw);
    if (this.#area) this.#ticking = setInterval(() => this.#area?.change(), FRAME_MS);
  }

  /** Takes the input away, and gives what was being typed. */
  close(): string {
    clearInterval(this.#ticking);
    this.#ticking = undefined;
    this.#options.output.stream.off('resize', this.#redraw);
    const draft = this.composer.close();
    this.#area?.close();
    return printable(draft);
  }

  /** What it shows has changed. */
  change(): void {
    const { status, asked } = this.#options;
    this.composer.expect(status.state === 'running' && !status.isTurning && asked() === null && this.#unsent === 0);
    this.#area?.change();
  }

  say(text: string): void {
    this.screen.startLine();
    for (const line of printable(text).split('\n')) this.screen.line(this.style.quiet(line));
  }

  tell(thrown: unknown, what?: string): void {
    tellProblem(thrown, this.screen, this.style, what);
  }

  /** A request that nobody here is asked. */
  showRequest(request: Request): void {
    this.requests.show(request);
    this.requests.showQuestions(request);
  }

  /** A message that is on its way to Codex. */
  async sending(sent: Promise<RunTurn>): Promise<void> {
    this.#unsent++;
    this.change();
    try {
      const turn = await sent;
      turn.completed.catch(() => {}); // the journal tells its end
    } finally {
      this.#unsent--;
      this.change();
    }
  }

  #makeLive(): { readonly area: LiveArea; readonly composer: LiveComposer } {
    const { output } = this.#options;
    const stream = output.stream as { readonly rows?: number };
    const size = {
      write: (text: string) => output.write(text),
      get columns() {
        return output.columns;
      },
      get rows() {
        return stream.rows;
      },
    };
    const area = new LiveArea({ output: size, content: (width, height) => this.#content(composer, width, height) });
    const composer: LiveComposer = new LiveComposer({
      ...this.#options,
      input: process.stdin,
      output,
      style: this.style,
      complete: completeCommand,
      onChange: () => area.change(),
      onRedraw: () => {
        output.write('\u001b[H\u001b[2J');
        area.forget();
      },
      onSuspend: () => this.#suspend(area, composer),
    });
    return { area, composer };
  }

  #content(composer: LiveComposer, width: number, height: number): AreaContent {
    const input = composer.layOut(width, Math.max(1, Math.floor(height * INPUT_SHARE)));
    if (input.rows.length + 2 > height) return input;
    const { status, asked } = this.#options;
    const { style, hint, screen } = this;
    const { activity } = screen;
    const now = Date.now();
    const line = statusLine({ status, activity, asked: asked(), unsent: this.#unsent, hint, width, now, style });
    return { ...input, rows: [line, ...input.rows], row: input.row + 1 };
  }

  /** Gives the terminal to the shell until it is ours again; at once where no shell is there to stop us. */
  #suspend(area: LiveArea, composer: LiveComposer): void {
    area.close();
    composer.suspend();
    const resume = () => {
      clearTimeout(unstopped);
      process.off('SIGCONT', resume);
      if (this.#ticking === undefined) return;
      composer.open();
      area.open();
    };
    const unstopped = setTimeout(resume, UNSTOPPED_MS);
    process.once('SIGCONT', resume);
    process.kill(process.pid, 'SIGTSTP');
  }
}
