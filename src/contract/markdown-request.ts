import { code, fenced, inline, json, quoted } from './markdown-text.ts';
import type { Answer, Request } from './request.ts';
import { GUARD, type RequestView } from './view.ts';

/** A request as a part of a document: what was asked, and who answered what. */
export function requestToMarkdown({ request, state, answer, by }: RequestView): string {
  const parts = [`**Request:** ${titleOf(request)}`, ...contentOf(request)];
  if (request.reason) parts.push(`Because:\n\n${quoted(request.reason)}`);
  if ('sandboxed' in request && request.sandboxed !== 'yes') {
    parts.push(`Inside the sandbox: ${request.sandboxed === 'no' ? 'no; it could write anywhere.' : 'nobody knows.'}`);
  }
  if (state === 'open') parts.push('It waits for an answer.');
  else if (!answer) parts.push('It was closed without an answer.');
  else if (by === GUARD) parts.push('It was refused without asking anybody.');
  else parts.push(...answerOf(request, answer, by ?? 'somebody'));
  return parts.join('\n\n');
}

function titleOf(request: Request): string {
  switch (request.kind) {
    case 'command':
      return `to run a command in ${code(request.cwd)}`;
    case 'fileChange':
      return request.grantRoot ? `to change whatever is below ${code(request.grantRoot)}` : 'to change files';
    case 'permissions':
      return 'for more permissions';
    case 'mcpTool':
      return `to call ${request.tool ? `the tool ${code(request.tool)}` : 'a tool'} of the MCP server ${code(request.server)}`;
    case 'question':
      return 'an answer to questions';
    case 'elicitation':
      return `of the MCP server ${code(request.server)}`;
  }
}

function contentOf(request: Request): string[] {
  switch (request.kind) {
    case 'command':
      return [fenced(request.command, 'sh')];
    case 'fileChange':
      return request.changes.flatMap(({ path, diff }) => [code(path), fenced(diff, 'diff')]);
    case 'permissions':
      return [json(request.permissions)];
    case 'mcpTool':
      return [quoted(request.message), json(request.arguments)];
    case 'question':
      return request.questions.map(({ question }) => quoted(question));
    case 'elicitation':
      return [quoted(request.message), ...(request.url ? [code(request.url)] : [])];
  }
}

function answerOf(request: Request, answer: Answer, by: string): string[] {
  const who = code(by);
  switch (answer.kind) {
    case 'decision': {
      const said = answer.behavior === 'allow' ? 'Allowed' : 'Denied';
      const forHowLong = answer.forSession ? ', for the session' : answer.interrupt ? ', and the turn stopped' : '';
      return [`${said} by ${who}${forHowLong}.`, ...(answer.message ? [quoted(answer.message)] : [])];
    }
    case 'answers': {
      const questions = request.kind === 'question' ? request.questions : [];
      const asked = (id: string) => inline(questions.find((question) => question.id === id)?.question ?? id);
      const given = Object.entries(answer.answers);
      if (given.length === 0) return [`Not answered; said by ${who}.`];
      return [
        `Answered by ${who}:`,
        given.map(([id, texts]) => `- ${asked(id)}: ${inline(texts.join(', '))}`).join('\n'),
      ];
    }
    case 'form':
      return [`Answered by ${who}: ${answer.action}.`, ...(answer.content === undefined ? [] : [json(answer.content)])];
  }
}
