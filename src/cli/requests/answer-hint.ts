import type { Request } from '../../contract/request.ts';
import { COMMAND } from '../command.ts';
import { isApproval } from '../watching/rule.ts';

/** Says how somebody elsewhere answers a request, in a line. */
export function howToAnswer(runId: string, request: Request): string {
  return `It waits for an answer: ${waysToAnswer(runId, request)}\n`;
}

/** The commands that answer a request. */
export function waysToAnswer(runId: string, request: Request): string {
  const name = `${runId}/${request.id}`;
  const verbs = isApproval(request) ? ['approve', 'deny'] : ['answer'];
  return verbs.map((verb) => `${COMMAND} ${verb} ${name}`).join(' · ');
}
