import type { Answer, Request } from '../../contract/request.ts';
import { OptioError } from '../../errors.ts';
import type { Invocation } from '../program.ts';
import { LineReader } from '../terminal/line-reader.ts';
import { Screen } from '../terminal/screen.ts';
import { styleFor } from '../terminal/style.ts';
import { ChangeView } from '../watching/change-view.ts';
import { Questionnaire } from './questionnaire.ts';
import { RequestView } from './request-view.ts';

/**
 * Asks the person at the terminal what Codex, or an MCP server, wants to know. Throws `invalid-input` where nobody can be
 * asked, and `aborted` when no answer was given.
 */
export async function askPerson(
  request: Extract<Request, { kind: 'question' | 'elicitation' }>,
  { input, complaints }: Invocation,
): Promise<Answer> {
  if (!input.isTTY || !complaints.isTerminal) {
    throw new OptioError('invalid-input', 'there is no answer, and no terminal to ask at', {
      remedy: 'Give it on the command line, or on standard input.',
    });
  }
  // On standard error, since standard output is for what came of it.
  const style = styleFor({ isTTY: true });
  const screen = new Screen({ output: complaints, style, isTerminal: true });
  const left = new AbortController();
  const reader = new LineReader({ input, output: complaints.stream, screen, onInterrupt: () => left.abort() });
  const questionnaire = new Questionnaire({ screen, style, reader });
  new RequestView({ screen, style, changes: new ChangeView(screen, style) }).show(request);
  const answer =
    request.kind === 'question'
      ? await questionnaire.askQuestions(request.questions, left.signal)
      : await questionnaire.askForm(request, left.signal);
  if (answer) return answer;
  throw new OptioError('aborted', 'nothing was answered', { remedy: 'To answer nothing, deny it.' });
}
