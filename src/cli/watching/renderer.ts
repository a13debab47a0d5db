import type { RunEvent, RunEventOf } from '../../contract/event.ts';
import type { Item } from '../../contract/item.ts';
import type { Screen } from '../terminal/screen.ts';
import type { Style } from '../terminal/style.ts';
import { oneLine, printable, printableName, shortPath } from '../terminal/text.ts';
import { TextStream } from '../terminal/text-stream.ts';
import { describeQueuePause } from '../views/describe-queue.ts';
import { describeSandbox } from '../views/describe-sandbox.ts';
import { ChangeView } from './change-view.ts';
import { CommandView } from './command-view.ts';
import { Doing } from './doing.ts';

/** Shows a run in a terminal as it happens. Everything from outside is made printable first. */
export class Renderer {
  readonly changes: ChangeView;
  readonly #screen: Screen;
  readonly #style: Style;
  readonly #texts: TextStream;
  readonly #commands: CommandView;
  readonly #doing: Doing;
  /** The next message is one that whoever reads this has just written. */
  #isKnown: boolean;
  #isPaused = false;
  #isTurning = false;

  /** `knowsFirst`: whoever reads this has just written the first message. */
  constructor(screen: Screen, style: Style, { knowsFirst = false }: { readonly knowsFirst?: boolean } = {}) {
    this.#screen = screen;
    this.#style = style;
    this.#isKnown = knowsFirst;
    this.#texts = new TextStream(screen);
    this.#doing = new Doing(screen);
    this.#commands = new CommandView(screen, style);
    this.changes = new ChangeView(screen, style);
  }

  show(event: RunEvent): void {
    this.#doing.follow(event);
    switch (event.type) {
      case 'run.state':
        this.#showState(event);
        break;
      case 'message.sent':
        if (!this.#isKnown) this.#showMessage(event);
        this.#isKnown = false;
        break;
      case 'message.queued':
        this.#note(this.#style.quiet(`+ queued: ${oneLine(event.text, 200)}`));
        break;
      case 'queue.paused':
        this.#note(this.#style.warn(`‖ ${describeQueuePause(event)}: what is queued`));
        break;
      case 'message.refused':
        this.#note(this.#style.warn(`! Codex did not take the message: ${oneLine(event.error.message, 300)}`));
        break;
      case 'turn.started':
        this.#isTurning ||= !event.threadId;
        break;
      case 'session.started':
        this.#showSession(event);
        break;
      case 'session.reconnected':
        this.#note(this.#style.warn(`! ${describeReconnection(event.reason)}`));
        break;
      case 'turn.retrying':
        this.#note(this.#style.warn(`! asking the model again: ${oneLine(event.message, 300)}`));
        break;
      case 'item.started':
        this.#startItem(event.item);
        break;
      case 'item.delta':
        this.#showDelta(event);
        break;
      case 'item.completed':
        this.#completeItem(event.item);
        break;
      case 'item.dropped':
        if (this.#texts.end(event.itemId)) this.#note(this.#style.quiet('(taken back)'));
        break;
      case 'plan.updated':
        this.#showPlan(event);
        break;
      case 'request.refused':
        this.#note(this.#style.warn(`! refused without asking: ${oneLine(event.reason, 300)}`));
        break;
      case 'notice':
        this.#showNotice(event);
        break;
      case 'turn.ended':
        if (!event.threadId) this.#isTurning = false;
        this.#texts.pause();
        if (event.status === 'interrupted') this.#note(this.#style.warn('■ the turn was interrupted'));
        break;
      case 'run.ended':
        this.#texts.pause();
        this.#commands.endAll();
        break;
      default:
        break;
    }
  }

  #showState({ state, pause }: RunEventOf<'run.state'>): void {
    if (state === 'paused') this.#note(this.#style.warn(`‖ paused: ${oneLine(pause?.message ?? '', 300)}`));
    else if (this.#isPaused) this.#note(this.#style.quiet('▸ no longer paused\n'));
    this.#isPaused = state === 'paused';
  }

  /** Where it goes is told unless it begins a turn at once. */
  #showMessage({ text, steer }: RunEventOf<'message.sent'>): void {
    this.#texts.pause();
    this.#screen.gap();
    this.#screen.block(printable(text), { indent: '> ', look: this.#style.strong });
    if (this.#isTurning) this.#screen.line(this.#style.quiet(steer ? '  (into the turn)' : '  (after this turn)'));
    this.#screen.line();
  }

  #showSession({ codexVersion, model, login, sandbox, workspace }: RunEventOf<'session.started'>): void {
    const { quiet } = this.#style;
    this.changes.workspace = workspace.path;
    const place = `${printableName(shortPath(workspace.path))} (${workspace.kind})`;
    this.#screen.block(printableName(`codex ${codexVersion} · ${model} · ${login}`), { indent: '', look: quiet });
    this.#screen.block(`${place} · ${describeSandbox(sandbox)}`, { indent: '', look: quiet });
    if (sandbox.mode === 'danger-full-access') {
      this.#screen.line(this.#style.bad('! FULL ACCESS: nothing that this run does is confined'));
    }
    this.#screen.line();
  }

  #startItem(item: Item): void {
    if (item.kind === 'command') {
      this.#texts.pause();
      this.#commands.start(item);
      this.#doing.is(`running ${oneLine(item.command, 40)}`);
    } else if (item.kind === 'agentMessage' && this.#commands.isOpen) {
      this.#texts.pause();
      this.#screen.gap();
    } else if (item.kind === 'toolCall') {
      const tool = item.server ? `${item.server}.${item.tool}` : item.tool;
      const given = this.#style.quiet(oneLine(JSON.stringify(item.arguments) ?? '', 120));
      this.#note(`${this.#style.command('⚙')} ${printableName(tool)} ${given}`);
      this.#doing.is(`calling ${oneLine(tool, 40)}`);
    }
  }

  #showDelta({ itemId, part, delta }: RunEventOf<'item.delta'>): void {
    if (part !== 'output') {
      this.#doing.is(part === 'text' ? 'writing' : 'thinking');
      this.#texts.write(itemId, delta, part === 'text' ? plain : this.#style.quiet);
      return;
    }
    this.#texts.pause();
    this.#commands.output(itemId, delta);
  }

  #completeItem(item: Item): void {
    switch (item.kind) {
      case 'agentMessage':
        this.#texts.complete(item.id, item.text, plain);
        break;
      case 'plan':
        this.#texts.complete(item.id, item.text, this.#style.quiet);
        break;
      case 'reasoning':
        if (this.#texts.end(item.id)) this.#screen.line();
        break;
      case 'command':
        this.#texts.pause();
        this.#commands.end(item);
        break;
      case 'fileChange':
        this.#texts.pause();
        this.changes.showItem(item);
        break;
      case 'toolCall': {
        const mark = item.status === 'completed' ? this.#style.good('✓') : this.#style.bad('✗');
        this.#note(`  ${mark} ${this.#style.quiet(oneLine(item.error ?? item.status, 200))}`);
        break;
      }
      case 'webSearch':
        this.#note(`${this.#style.command('?')} searched: ${oneLine(item.query, 200)}`);
        break;
      case 'compaction':
        this.#note(this.#style.quiet('(the conversation so far was summed up, to make room)'));
        break;
      default:
        break;
    }
  }

  #showPlan(event: RunEventOf<'plan.updated'>): void {
    this.#texts.pause();
    for (const { step, status } of event.steps) {
      const text = oneLine(step, 200);
      if (status === 'completed') this.#screen.line(`  ${this.#style.good('✔')} ${this.#style.quiet(text)}`);
      else if (status === 'inProgress') this.#screen.line(`  ${this.#style.warn('▸')} ${text}`);
      else this.#screen.line(`  ${this.#style.quiet(`○ ${text}`)}`);
    }
    this.#screen.line();
  }

  #showNotice({ level, message, remedy }: RunEventOf<'notice'>): void {
    if (level === 'info') return; // in the journal for those who look there
    this.#texts.pause();
    const look = level === 'error' ? this.#style.bad : this.#style.warn;
    this.#screen.block(`! ${printable(message)}`, { indent: '', look });
    // Often a command: broken into lines it could not be copied.
    if (remedy) this.#screen.line(`  ${printable(remedy)}`);
  }

  #note(text: string): void {
    this.#texts.pause();
    this.#screen.line(text);
  }
}

function plain(text: string): string {
  return text;
}

/** Another process that goes on with a run has lost nothing. */
function describeReconnection(reason: string): string {
  if (reason === 'it was taken up by another process') return 'reattached: another process has taken over the run';
  return `the connection was lost and re-established (${oneLine(reason, 300)})`;
}
