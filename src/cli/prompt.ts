import type { Answer, Request } from '../contract/request.ts';
import { refusalOf } from '../contract/request.ts';
import { LineReader, type LineReaderOptions } from './line-reader.ts';
import { Questionnaire } from './questionnaire.ts';
import type { RequestView } from './request-view.ts';
import type { Style } from './style.ts';

export interface PromptOptions extends LineReaderOptions {
  readonly style: Style;
  readonly requests: RequestView;
}

const KEYS: ReadonlyMap<string, Answer> = new Map<string, Answer>([
  ['y', { kind: 'decision', behavior: 'allow' }],
  ['a', { kind: 'decision', behavior: 'allow', forSession: true }],
  ['n', { kind: 'decision', behavior: 'deny' }],
  ['i', { kind: 'decision', behavior: 'deny', interrupt: true }],
]);
const WORDS: ReadonlyMap<string, string> = new Map([
  ['yes', 'y'],
  ['always', 'a'],
  ['no', 'n'],
  ['interrupt', 'i'],
  // What it was called once.
  ['s', 'i'],
  ['stop', 'i'],
]);

/** Asks a person at the terminal, one question after the other. */
export class Prompt {
  readonly #options: PromptOptions;
  readonly #reader: LineReader;
  readonly #questionnaire: Questionnaire;

  constructor(options: PromptOptions) {
    const { screen, style } = options;
    this.#options = options;
    this.#reader = new LineReader(options);
    this.#questionnaire = new Questionnaire({ screen, style, reader: this.#reader });
  }

  /**
   * Shows a request of Codex's and asks for the answer, which is no when the terminal is closed meanwhile. Rejects when
   * `withdrawn` is aborted, and after Ctrl-C.
   */
  async answer(request: Request, withdrawn: AbortSignal): Promise<Answer> {
    this.#options.requests.show(request);
    const answer = await this.#ask(request, withdrawn);
    return answer ?? refusalOf(request, 'the terminal was closed');
  }

  /** Asks for a line of text. Undefined when there will be none, as after Ctrl-C. */
  async line(label: string, signal: AbortSignal): Promise<string | undefined> {
    this.#options.screen.startLine();
    return this.#reader.read(label, { signal, onInterrupt: () => {} }).catch(() => undefined);
  }

  #ask(request: Request, withdrawn: AbortSignal): Promise<Answer | undefined> {
    switch (request.kind) {
      case 'question':
        return this.#questionnaire.askQuestions(request.questions, withdrawn);
      case 'elicitation':
        return this.#questionnaire.askForm(request, withdrawn);
      default:
        return this.#askDecision(withdrawn);
    }
  }

  async #askDecision(signal: AbortSignal): Promise<Answer | undefined> {
    const { screen, style } = this.#options;
    const keys = ['[y]es', '[a]lways in this session', '[n]o', '[i]nterrupt']
      .map((key) => style.strong(key))
      .join('  ');
    for (;;) {
      const typed = (await this.#reader.read(`  ${keys} > `, { signal }))?.toLowerCase();
      if (typed === undefined) return undefined;
      const answer = KEYS.get(WORDS.get(typed) ?? typed);
      if (answer) return answer;
      screen.line(style.warn('  Answer y, a, n or i, or the whole word: yes, always, no, interrupt.'));
    }
  }
}
