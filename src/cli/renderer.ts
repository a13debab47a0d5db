import { relative } from 'node:path';
import type { RunEvent, RunEventOf } from '../contract/event.ts';
import type { FileChange, Item } from '../contract/item.ts';
import type { Screen } from './screen.ts';
import type { Style } from './style.ts';
import { duration, oneLine, printable, shortPath } from './text.ts';
import { WordWrap } from './word-wrap.ts';

/** Lines of one command's output that are shown; the journal has all of it. */
const MAX_OUTPUT_LINES = 40;
const MAX_DIFF_LINES = 200;
/** Characters of one line of output. */
const MAX_LINE = 2_000;
/** A carriage return at the end of what came may be the first half of a line end. */
const LINE_END = /\r\n|\n|\r(?!$)/;

/** Shows a run in a terminal as it happens. Everything from outside is made printable first. */
export class Renderer {
  readonly #screen: Screen;
  readonly #style: Style;
  /** The item whose text is being written, when the cursor is within it. */
  #current: { readonly id: string; readonly look: (text: string) => string; readonly wrap: WordWrap } | undefined;
  /** Items whose text was shown as it came, and has not ended. */
  readonly #streamed = new Set<string>();
  readonly #outputs = new Map<string, { lines: number; rest: string }>();
  #workspace = '';

  constructor(screen: Screen, style: Style) {
    this.#screen = screen;
    this.#style = style;
  }

  show(event: RunEvent): void {
    switch (event.type) {
      case 'run.state':
        this.#screen.spin(event.state === 'starting' ? 'starting codex' : 'working');
        break;
      case 'session.started':
        this.#showSession(event);
        break;
      case 'session.reconnected':
        this.#note(this.#style.warn(`! the connection was lost and made anew (${printable(event.reason)})`));
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
        this.#streamed.delete(event.itemId);
        if (this.#current?.id === event.itemId) this.#note(this.#style.quiet('(taken back)'));
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
        if (event.status === 'interrupted') this.#note(this.#style.warn('■ the turn was interrupted'));
        this.#endText();
        break;
      default:
        break;
    }
  }

  #showSession(event: RunEventOf<'session.started'>): void {
    const { sandbox, workspace } = event;
    this.#workspace = workspace.path;
    const network = Array.isArray(sandbox.network)
      ? sandbox.network.join(', ')
      : sandbox.network
        ? 'network'
        : 'no network';
    const isOpen = sandbox.mode === 'danger-full-access';
    this.#screen.line(this.#style.quiet(printable(`codex ${event.codexVersion} · ${event.model} · ${event.login}`)));
    this.#screen.line(
      this.#style.quiet(
        `${printable(shortPath(workspace.path))} (${workspace.kind}) · ${sandbox.mode}, ${network} · asks: ${sandbox.approvalPolicy}`,
      ),
    );
    if (isOpen) this.#screen.line(this.#style.bad('! FULL ACCESS: nothing that this run does is confined'));
    this.#screen.line();
  }

  #startItem(item: Item): void {
    if (item.kind === 'command') {
      this.#note(`${this.#style.command('$')} ${this.#style.strong(printable(item.command))}`);
      this.#screen.spin(`running ${oneLine(item.command, 40)}`);
    } else if (item.kind === 'toolCall') {
      const tool = item.server ? `${item.server}.${item.tool}` : item.tool;
      this.#note(
        `${this.#style.command('⚙')} ${printable(tool)} ${this.#style.quiet(oneLine(JSON.stringify(item.arguments) ?? '', 120))}`,
      );
      this.#screen.spin(`calling ${oneLine(tool, 40)}`);
    }
  }

  #showDelta(event: RunEventOf<'item.delta'>): void {
    if (event.part === 'output') this.#showOutput(event.itemId, event.delta);
    else this.#stream(event.itemId, printable(event.delta), event.part === 'text' ? plain : this.#style.quiet);
  }

  #stream(id: string, text: string, look: (text: string) => string): void {
    this.#streamed.add(id);
    if (this.#current?.id !== id) {
      this.#endText();
      this.#current = { id, look, wrap: new WordWrap(this.#screen.width) };
    }
    this.#screen.write(look(this.#current.wrap.push(text)));
  }

  /** Deltas end anywhere; a line is shown when it is whole, or too long to wait for. */
  #showOutput(itemId: string, text: string): void {
    this.#endText();
    const seen = this.#outputs.get(itemId) ?? { lines: 0, rest: '' };
    const lines = (seen.rest + text).split(LINE_END);
    let rest = lines.pop() ?? '';
    if (rest.length > MAX_LINE) {
      lines.push(rest);
      rest = '';
    }
    for (const line of lines.slice(0, Math.max(0, MAX_OUTPUT_LINES - seen.lines))) {
      this.#screen.line(this.#style.quiet(`  │ ${printable(line.slice(0, MAX_LINE))}`));
    }
    this.#outputs.set(itemId, { lines: seen.lines + lines.length, rest });
  }

  #completeItem(item: Item): void {
    this.#screen.spin('working');
    switch (item.kind) {
      case 'agentMessage':
        this.#completeText(item, plain);
        break;
      case 'plan':
        this.#completeText(item, this.#style.quiet);
        break;
      case 'reasoning':
        this.#streamed.delete(item.id);
        if (this.#current?.id !== item.id) break;
        this.#endText();
        this.#screen.line();
        break;
      case 'command':
        this.#endCommand(item);
        break;
      case 'fileChange':
        this.#showChanges(item);
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

  /** What was shown as it came is not shown again, also when something else came in between. */
  #completeText(item: Extract<Item, { text: string }>, look: (text: string) => string): void {
    if (!this.#streamed.has(item.id)) this.#stream(item.id, printable(item.text), look);
    this.#streamed.delete(item.id);
    this.#endText();
    this.#screen.line();
  }

  #endCommand(item: Extract<Item, { kind: 'command' }>): void {
    if (!this.#outputs.has(item.id)) this.#showOutput(item.id, item.output);
    if (this.#outputs.get(item.id)?.rest) this.#showOutput(item.id, '\n');
    const hidden = (this.#outputs.get(item.id)?.lines ?? 0) - MAX_OUTPUT_LINES;
    if (hidden > 0) this.#screen.line(this.#style.quiet(`  │ … ${hidden} more lines`));
    this.#outputs.delete(item.id);
    const took = item.durationMs ? ` ${this.#style.quiet(duration(item.durationMs))}` : '';
    if (item.status === 'declined') this.#note(`  ${this.#style.bad('✗ declined')}\n`);
    else if (item.exitCode !== undefined && item.exitCode < 0) this.#note(`  ${this.#style.bad('✗ stopped')}${took}\n`);
    else if (item.exitCode === 0) this.#note(`  ${this.#style.good('✓')}${took}\n`);
    else this.#note(`  ${this.#style.bad(`✗ exit code ${item.exitCode ?? 'unknown'}`)}${took}\n`);
  }

  #showChanges(item: Extract<Item, { kind: 'fileChange' }>): void {
    for (const change of item.changes) this.showChange(change);
    if (item.status !== 'completed') this.#note(`  ${this.#style.bad(`✗ ${item.status}`)}`);
    this.#screen.line();
  }

  /** One changed file with its diff. */
  showChange(change: FileChange): void {
    const signs = { add: '+', delete: '-', update: '~', move: '→' };
    const moved = change.movedTo ? ` → ${this.#path(change.movedTo)}` : '';
    this.#note(`${this.#style.command(signs[change.kind])} ${this.#style.strong(this.#path(change.path))}${moved}`);
    const lines = change.diff === '' ? [] : printable(change.diff).replace(/\n$/, '').split('\n');
    for (const line of lines.slice(0, MAX_DIFF_LINES)) this.#screen.line(`  ${this.#diffLine(change, line)}`);
    if (lines.length > MAX_DIFF_LINES) {
      this.#screen.line(this.#style.quiet(`  … ${lines.length - MAX_DIFF_LINES} more lines`));
    }
  }

  /** A new file comes as its content, everything else as a unified diff. */
  #diffLine(change: FileChange, line: string): string {
    if (change.kind === 'add') return this.#style.added(`+${line}`);
    if (change.kind === 'delete') return this.#style.removed(`-${line}`);
    if (line.startsWith('+')) return this.#style.added(line);
    if (line.startsWith('-')) return this.#style.removed(line);
    return line.startsWith('@@') ? this.#style.place(line) : line;
  }

  #showPlan(event: RunEventOf<'plan.updated'>): void {
    this.#endText();
    for (const { step, status } of event.steps) {
      const text = oneLine(step, 200);
      if (status === 'completed') this.#screen.line(`  ${this.#style.good('✔')} ${this.#style.quiet(text)}`);
      else if (status === 'inProgress') this.#screen.line(`  ${this.#style.warn('▸')} ${text}`);
      else this.#screen.line(`  ${this.#style.quiet(`○ ${text}`)}`);
    }
    this.#screen.line();
  }

  #showNotice(event: RunEventOf<'notice'>): void {
    if (event.level === 'info') return; // in the journal for those who look there
    const look = event.level === 'error' ? this.#style.bad : this.#style.warn;
    this.#note(look(`! ${printable(event.message)}`));
    if (event.remedy) this.#screen.line(`  ${printable(event.remedy)}`);
  }

  #note(text: string): void {
    this.#endText();
    this.#screen.line(text);
  }

  #endText(): void {
    if (this.#current) this.#screen.write(this.#current.look(this.#current.wrap.flush()));
    this.#current = undefined;
    this.#screen.startLine();
  }

  #path(path: string): string {
    const inside = this.#workspace === '' ? path : relative(this.#workspace, path);
    return printable(inside.startsWith('..') ? path : inside);
  }
}

function plain(text: string): string {
  return text;
}
