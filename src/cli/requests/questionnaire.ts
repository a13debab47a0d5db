import type { Answer, Question, Request } from '../../contract/request.ts';
import { refusalOf } from '../../contract/request.ts';
import type { Reader } from '../terminal/reader.ts';
import type { Screen } from '../terminal/screen.ts';
import type { Style } from '../terminal/style.ts';
import { oneLine, printable } from '../terminal/text.ts';
import { fieldsOf } from './form.ts';

export interface QuestionnaireOptions {
  readonly screen: Screen;
  readonly style: Style;
  readonly reader: Reader;
}

/** What a person fills in: the answers to questions of the agent's, or the form of an MCP server. */
export class Questionnaire {
  readonly #screen: Screen;
  readonly #style: Style;
  readonly #reader: Reader;

  constructor({ screen, style, reader }: QuestionnaireOptions) {
    this.#screen = screen;
    this.#style = style;
    this.#reader = reader;
  }

  /** Undefined when the terminal is closed. */
  async askQuestions(questions: readonly Question[], signal: AbortSignal): Promise<Answer | undefined> {
    const answers: Record<string, string[]> = {};
    for (const question of questions) {
      const chosen = await this.#askQuestion(question, signal);
      if (chosen === undefined) return undefined;
      answers[question.id] = [chosen];
    }
    return { kind: 'answers', answers };
  }

  async #askQuestion(asked: Question, signal: AbortSignal): Promise<string | undefined> {
    const { header, question, options, allowsOther, isSecret } = asked;
    const { quiet } = this.#style;
    if (header && header !== question) this.#screen.block(printable(header), { look: quiet });
    this.#screen.block(printable(question));
    this.#showChoices(
      options.map(({ label, description }) => {
        const more = description && description !== label ? quiet(` – ${oneLine(description, 200)}`) : '';
        return oneLine(label, 200) + more;
      }),
    );
    const isOpen = allowsOther || options.length === 0;
    const hint = options.length === 0 ? 'your answer' : isOpen ? 'a number, or your own words' : 'a number';
    const note = isSecret ? `${hint} (hidden here, and seen by Codex)` : hint;
    for (;;) {
      const typed = await this.#reader.read(`  ${note} > `, { signal, isSecret });
      if (typed === undefined) return undefined;
      const chosen = options[Number(typed) - 1]?.label ?? (isOpen ? typed : undefined);
      if (chosen !== undefined) return chosen;
    }
  }

  /** Undefined when the terminal is closed. */
  async askForm(request: Extract<Request, { kind: 'elicitation' }>, signal: AbortSignal): Promise<Answer | undefined> {
    const fields = fieldsOf(request.schema);
    if (fields.length === 0) {
      const typed = await this.#reader.read('  [y]es  [n]o > ', { signal });
      if (typed === undefined) return undefined;
      return typed.toLowerCase().startsWith('y')
        ? { kind: 'form', action: 'accept', content: {} }
        : refusalOf(request, 'declined');
    }
    const content: Record<string, unknown> = {};
    for (const { name, label, choices, isRequired, read } of fields) {
      this.#screen.block(printable(label), { indent: '  ' });
      this.#showChoices(choices.map((choice) => oneLine(choice, 200)));
      const hint = isRequired ? '  (empty: decline) > ' : '  (empty: leave it out) > ';
      let typed: string | undefined;
      do {
        typed = await this.#reader.read(hint, { signal });
        if (typed === undefined) return undefined;
        if (typed === '' && isRequired) return refusalOf(request, 'declined');
        content[name] = typed === '' ? undefined : read(typed);
      } while (content[name] === undefined && typed !== '');
    }
    return { kind: 'form', action: 'accept', content };
  }

  #showChoices(choices: readonly string[]): void {
    for (const [index, choice] of choices.entries()) {
      this.#screen.line(`    ${this.#style.strong(String(index + 1))} ${choice}`);
    }
  }
}
