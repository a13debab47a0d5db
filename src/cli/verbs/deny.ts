import type { Command } from 'commander';
import { type Answer, type Request, refusalOf } from '../../contract/request.ts';
import { OptioError } from '../../errors.ts';
import { COMMAND } from '../command.ts';
import { REQUEST_HELP } from '../naming/named-request.ts';
import type { Invocation } from '../program.ts';
import { answerRequest } from '../requests/answer-request.ts';
import { type CommonFlags, JSON_FLAG, onApi } from '../verb.ts';
import { isApproval } from '../watching/rule.ts';

interface DenyFlags extends CommonFlags {
  readonly stop?: boolean;
  readonly message?: string;
}

/** `deny`: a no. */
export function addDeny(program: Command, invocation: Invocation): void {
  program
    .command('deny')
    .description('Decline what Codex asks for; it goes on without')
    .argument('<request>', REQUEST_HELP)
    .option('--stop', 'and end its turn')
    .option('--message <text>', 'why, for the record: Codex is not told')
    .option(...JSON_FLAG)
    .action((name: string, flags: DenyFlags) =>
      onApi(invocation, flags, (api, report) =>
        answerRequest(api, name, report, {
          told: 'Declined',
          ...(flags.stop && { next: howToGoOn }),
          choose: ({ request }) => noTo(request, flags),
        }),
      ),
    )
    .addHelpText('after', HELP);
}

/** A run whose turn was ended so waits, also one that ends with its first turn. */
function howToGoOn(runId: string): string {
  const ways = [`${COMMAND} send ${runId} "…"`, `${COMMAND} finish ${runId}`, `${COMMAND} cancel ${runId}`];
  return `Its turn ends, and the run waits for you: ${ways.join(' · ')}`;
}

function noTo(request: Request, { stop = false, message }: DenyFlags): Answer {
  if (isApproval(request)) {
    const more = { ...(stop && { interrupt: true }), ...(message !== undefined && { message }) };
    return { kind: 'decision', behavior: 'deny', ...more };
  }
  if (!stop) return refusalOf(request, message ?? '');
  throw new OptioError('invalid-input', '--stop is for what Codex wants to do, not for what it wants to know', {
    remedy: `Leave it out, and interrupt the turn: ${COMMAND} interrupt RUN`,
  });
}

const HELP = `
Examples:
  ${COMMAND} deny request-5f0c
  ${COMMAND} deny @last --stop --message "not on this machine"`;
