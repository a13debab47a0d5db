import type { Request } from '../contract/request.ts';
import { COMMAND } from './command.ts';
import { isApproval } from './rule.ts';

/** Says how somebody elsewhere answers a request, in a line. */
export function howToAnswer(runId: string, request: Request): string {
  const name = `${runId}/${request.id}`;
  const verbs = isApproval(request) ? ['approve', 'deny'] : ['answer'];
  return `It waits for an answer: ${verbs.map((verb) => `${COMMAND} ${verb} ${name}`).join(' · ')}\n`;
}
