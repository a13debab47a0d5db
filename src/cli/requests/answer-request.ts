import type { OptioApi } from '../../contract/api.ts';
import type { Answer } from '../../contract/request.ts';
import type { OpenRequest } from '../../contract/run-summary.ts';
import { namedRequest } from '../naming/named-request.ts';
import type { Report } from '../report.ts';
import { oneLine } from '../terminal/text.ts';
import { isApproval } from '../watching/rule.ts';
import { subjectOf } from './request-line.ts';

export interface AnswerOptions {
  /** What is said of it then. */
  readonly told: string;
  /** What else, to a person: how to go on. */
  readonly next?: (runId: string) => string;
  readonly choose: (open: OpenRequest) => Answer | Promise<Answer>;
}

/** Answers the request that somebody has named, and says which one that was. Throws `not-found` when somebody was faster. */
export async function answerRequest(
  api: OptioApi,
  name: string,
  report: Report,
  { told, next, choose }: AnswerOptions,
): Promise<void> {
  const open = await namedRequest(api, name);
  const { runId, request } = open;
  const answer = await choose(open);
  await (await api.find(runId)).answer(request.id, answer, { via: 'command line' });
  report.say({ run: runId, request: request.id }, () => {
    const limits = isApproval(request) && request.sandboxed !== 'yes' ? ' (not confined to the workspace)' : '';
    return [`${told}: ${oneLine(subjectOf(request), 200)}${limits}`, ...(next ? [next(runId)] : [])];
  });
}
