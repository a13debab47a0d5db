import type { Answer, Request } from '../../contract/request.ts';
import type { Screen } from '../terminal/screen.ts';
import type { Style } from '../terminal/style.ts';
import { oneLine, printable, printableName, shortPath } from '../terminal/text.ts';
import type { ChangeView } from '../watching/change-view.ts';
import { isApproval } from '../watching/rule.ts';

export interface RequestViewOptions {
  readonly screen: Screen;
  readonly style: Style;
  readonly changes: ChangeView;
}

interface ShownAnswer {
  readonly answer: Answer;
  readonly by?: string | undefined;
}

/** What Codex asks for, as a person sees it before the answer. */
export class RequestView {
  readonly #screen: Screen;
  readonly #style: Style;
  readonly #changes: ChangeView;

  constructor({ screen, style, changes }: RequestViewOptions) {
    this.#screen = screen;
    this.#style = style;
    this.#changes = changes;
  }

  /** All of an approval, and what the answer would mean; of the others, whose they are. `which`: one of several. */
  show(request: Request, which = ''): void {
    this.#screen.gap();
    this.#screen.line(this.#style.warn(`? ${titleOf(request)}${which}`));
    this.#showContent(request);
    if (request.reason) this.#screen.block(`because: ${oneLine(request.reason, 500)}`);
    if (isApproval(request)) this.#explain(request.sandboxed);
  }

  /** The questions of a request that no person is asked here, with the numbers by which they can be answered elsewhere. */
  showQuestions(request: Request): void {
    if (request.kind !== 'question') return;
    for (const { question, options } of request.questions) {
      this.#screen.block(printable(question));
      for (const [index, { label }] of options.entries()) this.#screen.block(`${index + 1} ${oneLine(label, 200)}`);
    }
  }

  /** What was answered, and by whom, unless it was the one who reads this. */
  showAnswer({ answer, by }: ShownAnswer): void {
    const isNo =
      answer.kind === 'decision' ? answer.behavior !== 'allow' : 'action' in answer && answer.action !== 'accept';
    const said = answer.kind === 'decision' ? (isNo ? 'declined' : 'allowed') : isNo ? 'not answered' : 'answered';
    const who = by === undefined ? '' : ` by ${oneLine(by, 100)}`;
    this.showVerdict([said + who, ...wordsOf(answer)].join(': '), !isNo);
  }

  /** What became of it without a person. */
  showVerdict(text: string, isGood: boolean): void {
    this.#screen.block(text, { look: isGood ? this.#style.good : this.#style.warn });
    this.#screen.gap();
  }

  #showContent(request: Request): void {
    const { strong, quiet, place } = this.#style;
    switch (request.kind) {
      case 'command':
        this.#indented(request.command, strong);
        this.#screen.line(quiet(`    in ${printableName(shortPath(request.cwd))}`));
        break;
      case 'fileChange':
        for (const change of request.changes) this.#changes.show(change);
        if (request.changes.length === 0) this.#screen.line('    (it did not say which)');
        if (request.grantRoot)
          this.#screen.line(
            quiet(`    and from then on whatever is below ${printableName(shortPath(request.grantRoot))}`),
          );
        break;
      case 'permissions':
        this.#indented(JSON.stringify(request.permissions, null, 2));
        break;
      case 'mcpTool':
        this.#screen.block(printable(request.message));
        this.#screen.line(quiet(`    ${oneLine(JSON.stringify(request.arguments) ?? '', 300)}`));
        break;
      case 'elicitation':
        this.#screen.block(printable(request.message));
        if (request.url) this.#screen.line(`    ${place(printableName(request.url))}`);
        break;
      case 'question':
        break; // asked one after the other, by whoever asks a person
    }
  }

  /** As it is: a line that we broke would not be the line that is run. */
  #indented(text: string, look: (text: string) => string = (line) => line): void {
    for (const line of printable(text).split('\n')) this.#screen.line(`    ${look(line)}`);
  }

  #explain(sandboxed: 'yes' | 'no' | 'unknown'): void {
    const { quiet, bad } = this.#style;
    if (sandboxed === 'yes') this.#screen.block('It stays inside the sandbox.', { look: quiet });
    else if (sandboxed === 'no') {
      this.#screen.block('! Not confined to the workspace: it may write anywhere as you.', { look: bad });
    } else {
      const text = '! Codex does not say whether it stays inside the sandbox: it may write anywhere as you.';
      this.#screen.block(text, { look: bad });
    }
  }
}

/** What it says besides yes or no; secrets are not in what is kept of it. */
function wordsOf(answer: Answer): string[] {
  const words =
    answer.kind === 'decision'
      ? answer.message
      : answer.kind === 'form'
        ? JSON.stringify(answer.content)
        : Object.values(answer.answers).flat().join(', ');
  return words ? [oneLine(words, 200)] : [];
}

function titleOf(request: Request): string {
  switch (request.kind) {
    case 'command':
      return 'Codex asks to run a command';
    case 'fileChange':
      return 'Codex asks to change files';
    case 'permissions':
      return 'Codex asks for more permissions';
    case 'mcpTool':
      return `Codex asks to call a tool of the MCP server ${printableName(request.server)}`;
    case 'elicitation':
      return `The MCP server ${printableName(request.server)} asks`;
    case 'question':
      return request.questions.length > 1 ? 'Codex asks some questions' : 'Codex asks a question';
  }
}
