import { createInterface } from 'node:readline/promises';
import { type Readable, Writable } from 'node:stream';
import type { Answer, Question, Request } from '../contract/request.ts';
import { refusalOf } from '../contract/request.ts';
import { OptioError } from '../errors.ts';
import { fieldsOf } from './form.ts';
import type { Renderer } from './renderer.ts';
import type { Screen } from './screen.ts';
import type { Style } from './style.ts';
import { oneLine, printable, shortPath } from './text.ts';

export interface PromptOptions {
  readonly input: Readable;
  readonly output: Writable & { readonly columns?: number };
  readonly screen: Screen;
  readonly style: Style;
  readonly renderer: Renderer;
  /** Ctrl-C while a question is open: the terminal hands it to us and not to the process. */
  readonly onInterrupt: () => void;
}

/** Asks a person at the terminal, one question after the other. */
export class Prompt {
  readonly #options: PromptOptions;

  constructor(options: PromptOptions) {
    this.#options = options;
  }

  /**
   * Shows a request of Codex's and asks for the answer, which is no when the terminal is closed meanwhile. Rejects when
   * `withdrawn` is aborted, and after Ctrl-C.
   */
  async answer(request: Request, withdrawn: AbortSignal): Promise<Answer> {
    this.#options.screen.line();
    const answer = await this.#ask(request, withdrawn);
    return answer ?? refusalOf(request, 'the terminal was closed');
  }

  #ask(request: Request, withdrawn: AbortSignal): Promise<Answer | undefined> {
    switch (request.kind) {
      case 'question':
        return this.#askQuestions(request.questions, withdrawn);
      case 'elicitation':
        return this.#askForm(request, withdrawn);
      default:
        this.#showApproval(request);
        return this.#askDecision(withdrawn);
    }
  }

  /** Asks for a line of text. Undefined when there will be none, as after Ctrl-C. */
  async line(label: string, signal: AbortSignal): Promise<string | undefined> {
    this.#options.screen.startLine();
    return this.#read(label, signal, { onInterrupt: () => {} }).catch(() => undefined);
  }

  #showApproval(request: Exclude<Request, { kind: 'question' | 'elicitation' }>): void {
    const { screen, style, renderer } = this.#options;
    switch (request.kind) {
      case 'command':
        screen.line(style.warn('? Codex asks to run a command'));
        screen.line(indent(style.strong(printable(request.command))));
        screen.line(style.quiet(`    in ${printable(shortPath(request.cwd))}`));
        break;
      case 'fileChange':
        screen.line(style.warn('? Codex asks to change files'));
        for (const change of request.changes) renderer.showChange(change);
        if (request.changes.length === 0) screen.line('    (it did not say which)');
        break;
      case 'permissions':
        screen.line(style.warn('? Codex asks for more permissions'));
        screen.line(indent(printable(JSON.stringify(request.permissions, null, 2))));
        break;
      case 'mcpTool':
        screen.line(style.warn(`? Codex asks to call a tool of the MCP server ${printable(request.server)}`));
        screen.line(indent(printable(request.message)));
        screen.line(style.quiet(`    ${oneLine(JSON.stringify(request.arguments) ?? '', 300)}`));
        break;
    }
    if (request.reason) screen.line(`    because: ${oneLine(request.reason, 500)}`);
    screen.line(`    ${this.#explain(request.sandboxed)}`);
  }

  #explain(sandboxed: 'yes' | 'no' | 'unknown'): string {
    const { style } = this.#options;
    switch (sandboxed) {
      case 'yes':
        return style.quiet('It stays inside the sandbox.');
      case 'no':
        return style.bad('! Not confined to the workspace: it may write anywhere as you.');
      case 'unknown':
        return style.bad('! Codex does not say whether it stays inside the sandbox: it may write anywhere as you.');
    }
  }

  async #askDecision(withdrawn: AbortSignal): Promise<Answer | undefined> {
    const { style } = this.#options;
    const keys = ['[y]es', '[a]lways in this session', '[n]o', '[s]top'].map((key) => style.strong(key)).join('  ');
    for (;;) {
      const typed = (await this.#read(`  ${keys} > `, withdrawn))?.toLowerCase();
      if (typed === undefined) return undefined;
      if (typed === 'y' || typed === 'yes') return { kind: 'decision', behavior: 'allow' };
      if (typed === 'a' || typed === 'always') return { kind: 'decision', behavior: 'allow', forSession: true };
      if (typed === 'n' || typed === 'no') return { kind: 'decision', behavior: 'deny' };
      if (typed === 's' || typed === 'stop') return { kind: 'decision', behavior: 'deny', interrupt: true };
    }
  }

  async #askQuestions(questions: readonly Question[], withdrawn: AbortSignal): Promise<Answer | undefined> {
    const { screen, style } = this.#options;
    const answers: Record<string, string[]> = {};
    for (const { id, header, question, options, allowsOther, isSecret } of questions) {
      const title = header && header !== question ? `${style.quiet(printable(header))}  ` : '';
      screen.line(`${style.warn('?')} ${title}${style.warn(printable(question))}`);
      for (const [index, { label, description }] of options.entries()) {
        const more = description && description !== label ? style.quiet(` – ${oneLine(description, 200)}`) : '';
        screen.line(`    ${style.strong(String(index + 1))} ${oneLine(label, 200)}${more}`);
      }
      const isOpen = allowsOther || options.length === 0;
      const hint = options.length === 0 ? 'your answer' : isOpen ? 'a number, or your own words' : 'a number';
      const note = isSecret ? `${hint} (hidden here, and seen by Codex)` : hint;
      for (let chosen: string | undefined; chosen === undefined; ) {
        const typed = await this.#read(`  ${style.quiet(note)} > `, withdrawn, { isSecret });
        if (typed === undefined) return undefined;
        chosen = options[Number(typed) - 1]?.label ?? (isOpen ? typed : undefined);
        if (chosen !== undefined) answers[id] = [chosen];
      }
    }
    return { kind: 'answers', answers };
  }

  async #askForm(
    request: Extract<Request, { kind: 'elicitation' }>,
    withdrawn: AbortSignal,
  ): Promise<Answer | undefined> {
    const { screen, style } = this.#options;
    screen.line(style.warn(`? The MCP server ${printable(request.server)} asks: ${printable(request.message)}`));
    if (request.url) screen.line(`    ${style.place(printable(request.url))}`);
    const fields = fieldsOf(request.schema);
    if (fields.length === 0) {
      const typed = await this.#read(`  ${style.strong('[y]es  [n]o')} > `, withdrawn);
      return typed?.toLowerCase().startsWith('y')
        ? { kind: 'form', action: 'accept', content: {} }
        : refusalOf(request, 'declined');
    }
    const content: Record<string, unknown> = {};
    for (const { name, label, choices, isRequired, read } of fields) {
      screen.line(`  ${printable(label)}`);
      for (const [index, choice] of choices.entries()) {
        screen.line(`    ${style.strong(String(index + 1))} ${oneLine(choice, 200)}`);
      }
      const hint = `  ${style.quiet(isRequired ? '(empty: decline)' : '(empty: leave it out)')} > `;
      let typed: string | undefined;
      do {
        typed = await this.#read(hint, withdrawn);
        if (typed === undefined || (typed === '' && isRequired)) return undefined;
        content[name] = typed === '' ? undefined : read(typed);
      } while (content[name] === undefined && typed !== '');
    }
    return { kind: 'form', action: 'accept', content };
  }

  /** What somebody types, without the spaces around it; undefined when the terminal is closed. */
  async #read(label: string, signal: AbortSignal, options: ReadOptions = {}): Promise<string | undefined> {
    const { input, output, screen } = this.#options;
    const { onInterrupt = this.#options.onInterrupt, isSecret = false } = options;
    signal.throwIfAborted();
    const show = screen.hold();
    if (isSecret) output.write(label);
    const reader = createInterface({ input, output: isSecret ? nowhere() : output, terminal: true });
    const closed = Promise.withResolvers<undefined>();
    closed.promise.catch(() => {});
    reader.once('close', () => closed.resolve(undefined));
    reader.on('SIGINT', () => {
      closed.reject(new OptioError('aborted', 'Ctrl-C was pressed'));
      reader.close();
      onInterrupt();
    });
    // The reader keeps listening to a signal after it was closed, and would write then.
    const open = new AbortController();
    const withdraw = () => open.abort();
    signal.addEventListener('abort', withdraw, { once: true });
    let typed: string | undefined;
    try {
      typed = await Promise.race([reader.question(isSecret ? '' : label, { signal: open.signal }), closed.promise]);
      return typed?.trim();
    } finally {
      signal.removeEventListener('abort', withdraw);
      reader.close();
      if (typed === undefined || isSecret) output.write('\n');
      show();
    }
  }
}

interface ReadOptions {
  /** What Ctrl-C does besides ending the question. */
  readonly onInterrupt?: () => void;
  /** What is typed is not shown. */
  readonly isSecret?: boolean;
}

function nowhere(): Writable {
  return new Writable({ write: (_chunk, _encoding, done) => done() });
}

function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n');
}
