import { relative } from 'node:path';
import type { Request } from '../../contract/request.ts';
import type { OpenRequest } from '../../contract/run-summary.ts';
import { oneLine, printableName } from '../terminal/text.ts';

/** What a request is about, in a line. */
export function subjectOf(request: Request): string {
  switch (request.kind) {
    case 'command':
      return oneLine(request.command, 200);
    case 'fileChange':
      return request.changes.map(({ path }) => pathIn(request.cwd, path)).join(', ') || 'files that it does not name';
    case 'permissions':
      return oneLine(JSON.stringify(request.permissions) ?? '', 200);
    case 'mcpTool':
      return printableName(request.tool ? `${request.server}.${request.tool}` : request.server);
    case 'elicitation':
      return oneLine(request.message, 200);
    case 'question':
      return oneLine(request.questions.map(({ question }) => question).join(' / '), 200);
  }
}

/** An open request in a line, by the name that is certain to mean this one. */
export function describeRequest({ runId, request }: OpenRequest): string {
  return `${runId}/${request.id}  ${request.kind}  ${oneLine(subjectOf(request), 60)}`;
}

function pathIn(directory: string | undefined, path: string): string {
  const inside = directory ? relative(directory, path) : path;
  return printableName(inside.startsWith('..') ? path : inside);
}
