import type { RunEvent } from '../../contract/event.ts';
import type { Request } from '../../contract/request.ts';
import type { RunHandle } from '../../contract/run-handle.ts';
import { CtrlC } from '../terminal/ctrl-c.ts';
import type { Departure, Ending } from '../watching/ending.ts';
import { orLeft, readJournal } from '../watching/journal.ts';
import { type Past, pastOf } from '../watching/past.ts';
import type { ViewOptions } from '../watching/plain-view.ts';
import { applyRule, ruleFor } from '../watching/rule.ts';
import { showEnd } from '../watching/summary.ts';
import { readCommand } from './conversation-commands.ts';
import { ConversationScreen } from './conversation-screen.ts';
import { RequestDesk } from './request-desk.ts';
import { RunStatus } from './run-status.ts';

const AGAIN = 'Ctrl-C again leaves, and the run goes on';

/** A run at a terminal: shown as it happens, with an input line for messages, commands and answers. */
export class Conversation {
  readonly #handle: RunHandle;
  readonly #options: ViewOptions;
  readonly #status: RunStatus;
  readonly #face: ConversationScreen;
  readonly #desk: RequestDesk;
  readonly #ctrlC: CtrlC;

  constructor(handle: RunHandle, options: ViewOptions) {
    this.#handle = handle;
    this.#options = options;
    this.#status = new RunStatus(options);
    this.#face = new ConversationScreen({
      output: options.output,
      status: this.#status,
      knowsFirst: options.knowsFirst ?? false,
      asked: () => this.#desk.asked,
      onMessage: (text) => this.#send(text),
      onCommand: (line) => this.#obey(line),
      onInterrupt: () => this.#ctrlC.press(),
      onKey: () => this.#disarm(),
      onDetach: () => this.#leave('key'),
      onEnd: () => this.#leave('SIGHUP'),
    });
    const { screen, style, requests, composer } = this.#face;
    const onChange = () => this.#face.change();
    this.#desk = new RequestDesk({ handle, reader: composer, screen, style, requests, onChange });
    this.#ctrlC = new CtrlC({
      onFirst: () => this.#interruptByKey(),
      onSecond: () => this.#leave('key'),
      onEnd: (signal) => this.#leave(signal as Departure),
    });
  }

  /** Holds it until the run has ended or was left. */
  async hold(): Promise<Ending> {
    const { rule, leaving, complaints } = this.#options;
    const { screen, style } = this.#face;
    const past = this.#handle.view().then(pastOf); // all of the run, which is read once
    const onRefused = (thrown: unknown, request: Request) => {
      this.#face.tell(thrown);
      this.#desk.opened(request);
    };
    void applyRule(this.#handle, rule, { left: leaving.signal, past, onRefused }).catch(() => {}); // what keeps it from reading keeps us from it too
    this.#face.open();
    let ending: Ending | undefined;
    try {
      ending = await this.#converse(past);
    } finally {
      this.#ctrlC.release();
      await this.#desk.close();
      const draft = this.#face.close();
      if (draft !== '') screen.block(draft, { indent: '  ', first: '  not sent: ', look: style.quiet });
      screen.startLine();
    }
    if ('outcome' in ending) showEnd(this.#handle.id, ending.outcome, { screen, style, complaints });
    return ending;
  }

  async #converse(past: Promise<Past>): Promise<Ending> {
    const { output, leaving, rule } = this.#options;
    const left = leaving.signal;
    const { screen, style, renderer } = this.#face;
    const onLost = () => screen.line(style.warn('! this is being read too slowly: the rest of the run is not shown'));
    const isPast = await past;
    const answer = ruleFor(rule);
    for await (const event of readJournal(this.#handle, { output, onLost, left })) {
      this.#status.apply(event);
      renderer.show(event);
      if (event.type === 'request.opened') {
        if (isPast(event) || answer(event.request)) this.#face.showRequest(event.request);
        else this.#desk.opened(event.request);
      } else this.#follow(event);
      this.#face.change();
    }
    const outcome = await orLeft(this.#handle.outcome, left);
    return outcome ? { outcome } : { left: leaving.departure ?? 'key' };
  }

  #follow(event: RunEvent): void {
    if (event.type === 'request.answered' || event.type === 'request.closed') this.#desk.settled(event);
    else if (event.type === 'message.sent') this.#face.composer.remember(event.text);
    else if (event.type === 'turn.started') this.#disarm();
  }

  /** Between turns it is the next message; otherwise it goes into the turn. */
  #send(text: string): void {
    this.#face.sending(this.#handle.send(text, this.#status.isTurning ? { steer: true } : {})).catch((thrown) => {
      this.#face.tell(thrown, 'not sent: ');
      this.#face.composer.restore(text);
    });
  }

  #queue(text: string): void {
    this.#handle.queue.add(text).catch((thrown) => {
      this.#face.tell(thrown, 'not queued: ');
      this.#face.composer.restore(`/queue ${text}`);
    });
  }

  #obey(line: string): boolean {
    const given = readCommand(line);
    if (!given) return this.#isMistyped(line);
    const acting = {
      handle: this.#handle,
      desk: this.#desk,
      status: this.#status,
      say: (text: string) => this.#face.say(text),
      queue: (text: string) => this.#queue(text),
      interrupt: () => this.#interrupt(),
      leave: () => this.#leave('key'),
    };
    const act = async () => given.command.act(acting, given.argument);
    act().catch((thrown) => this.#face.tell(thrown));
    return true;
  }

  /** What looks like a command and is none is not sent to Codex; a path is. */
  #isMistyped(line: string): boolean {
    if (this.#desk.asked !== null || !/^\/[a-z]+$/.test(line)) return false;
    this.#face.say(`There is no ${line} here: /help tells what there is.`);
    return true;
  }

  #interruptByKey(): void {
    this.#face.hint = AGAIN;
    if (this.#status.isTurning) this.#interrupt();
    this.#face.change();
  }

  #interrupt(): void {
    if (!this.#status.isTurning) {
      this.#face.say('There is no turn to interrupt.');
      return;
    }
    this.#face.screen.spin('interrupting the turn');
    this.#handle.interrupt().catch((thrown) => this.#face.tell(thrown));
  }

  #disarm(): void {
    this.#ctrlC.reset();
    this.#face.hint = undefined;
  }

  #leave(departure: Departure): void {
    this.#options.leaving.leave(departure);
  }
}
