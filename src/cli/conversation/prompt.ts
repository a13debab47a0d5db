import type { Answer, Request } from '../../contract/request.ts';
import { Questionnaire } from '../requests/questionnaire.ts';
import type { Reader } from '../terminal/reader.ts';
import type { Screen } from '../terminal/screen.ts';
import type { Style } from '../terminal/style.ts';

export interface PromptOptions {
  readonly screen: Screen;
  readonly style: Style;
  readonly reader: Reader;
}

const KEYS_LABEL = '  [y]es  [a]lways in this session  [n]o  [i]nterrupt, and Enter > ';

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

/** Asks a person for the answer to a request that they have seen. */
export class Prompt {
  readonly #options: PromptOptions;
  readonly #questionnaire: Questionnaire;

  constructor(options: PromptOptions) {
    this.#options = options;
    this.#questionnaire = new Questionnaire(options);
  }

  /** Undefined when the terminal is closed meanwhile: then nobody has answered. Rejects when `withdrawn` is aborted. */
  answer(request: Request, withdrawn: AbortSignal): Promise<Answer | undefined> {
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
    const { screen, style, reader } = this.#options;
    for (;;) {
      const typed = (await reader.read(KEYS_LABEL, { signal }))?.toLowerCase();
      if (typed === undefined) return undefined;
      const answer = KEYS.get(WORDS.get(typed) ?? typed);
      if (answer) return answer;
      screen.line(style.warn('  Answer y, a, n or i, or the whole word: yes, always, no, interrupt.'));
    }
  }
}
