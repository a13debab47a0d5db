import type { Command } from 'commander';
import type { Answer, Request } from '../../contract/request.ts';
import { OptioError } from '../../errors.ts';
import { COMMAND } from '../command.ts';
import { REQUEST_HELP } from '../naming/named-request.ts';
import type { Invocation } from '../program.ts';
import { answerRequest } from '../requests/answer-request.ts';
import { fieldsOf } from '../requests/form.ts';
import { type CommonFlags, JSON_FLAG, onApi } from '../verb.ts';
import { isApproval } from '../watching/rule.ts';

interface ApproveFlags extends CommonFlags {
  readonly forSession?: boolean;
}

/** `approve`: a yes. */
export function addApprove(program: Command, invocation: Invocation): void {
  program
    .command('approve')
    .description('Allow what Codex asks for')
    .argument('<request>', REQUEST_HELP)
    .option('--for-session', 'and the same again for as long as its session lives')
    .option(...JSON_FLAG)
    .action((name: string, flags: ApproveFlags) =>
      onApi(invocation, flags, (api, report) =>
        answerRequest(api, name, report, { told: 'Allowed', choose: ({ request }) => yesTo(request, flags) }),
      ),
    )
    .addHelpText('after', HELP);
}

function yesTo(request: Request, { forSession = false }: ApproveFlags): Answer {
  if (isApproval(request)) return { kind: 'decision', behavior: 'allow', ...(forSession && { forSession }) };
  const isPage = request.kind === 'elicitation' && fieldsOf(request.schema).length === 0;
  if (isPage && !forSession) return { kind: 'form', action: 'accept', content: {} };
  throw new OptioError('invalid-input', 'a yes does not answer this request', {
    remedy: `Answer it: ${COMMAND} answer ${request.id}`,
  });
}

const HELP = `
Examples:
  ${COMMAND} approve request-5f0c
  ${COMMAND} approve @last --for-session       the only one that the run asks

What it is that you allow: ${COMMAND} requests RUN`;
