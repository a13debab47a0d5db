import { text } from 'node:stream/consumers';
import type { Command } from 'commander';
import { type Answer, asksForSecrets, type Request } from '../../contract/request.ts';
import { OptioError } from '../../errors.ts';
import { COMMAND } from '../command.ts';
import { collectPair } from '../flags/flag-values.ts';
import { REQUEST_HELP } from '../naming/named-request.ts';
import type { Invocation } from '../program.ts';
import { answerRequest } from '../requests/answer-request.ts';
import { askPerson } from '../requests/ask-person.ts';
import { answersOf, formOf, formOfJson } from '../requests/given-answer.ts';
import { type CommonFlags, JSON_FLAG, onApi } from '../verb.ts';
import { isApproval } from '../watching/rule.ts';

interface AnswerFlags extends CommonFlags {
  readonly field?: Record<string, string>;
  readonly content?: string;
}

/** `answer`: what Codex wants to know, or an MCP server. */
export function addAnswer(program: Command, invocation: Invocation): void {
  program
    .command('answer')
    .description('Answer a question, or fill in a form; without an answer, ask for it at the terminal')
    .argument('<request>', REQUEST_HELP)
    .argument('[text...]', 'an answer for each question; "-" reads them from standard input, a line for each')
    .option('--field <name=value>', 'a field of a form (repeatable)', collectPair)
    .option('--content <json>', 'a whole form as JSON; "-" reads it from standard input')
    .option(...JSON_FLAG)
    .action((name: string, texts: string[], flags: AnswerFlags) => {
      const ways = [texts.length > 0, flags.field !== undefined, flags.content !== undefined];
      if (ways.filter(Boolean).length > 1) {
        throw new OptioError('invalid-input', 'the answer is given in more than one way', { remedy: 'Choose one.' });
      }
      return onApi(invocation, flags, (api, report) =>
        answerRequest(api, name, report, {
          told: 'Answered',
          choose: ({ request }) => choose(request, texts, flags, invocation),
        }),
      );
    })
    .addHelpText('after', HELP);
}

async function choose(
  request: Request,
  texts: readonly string[],
  { field, content }: AnswerFlags,
  invocation: Invocation,
): Promise<Answer> {
  const { input } = invocation;
  if (isApproval(request)) throw misplaced('this request wants a yes or a no', request, ['approve', 'deny']);
  if (texts.length === 0 && field === undefined && content === undefined) return askPerson(request, invocation);
  if (request.kind === 'elicitation') {
    if (field) return formOf(request, field);
    if (content !== undefined) return formOfJson(content === '-' ? await text(input) : content);
    throw misplaced('this request is a form', request, ['answer --field NAME=VALUE', 'deny']);
  }
  if (texts.length === 0) throw misplaced('this request asks questions', request, ['answer TEXT', 'deny']);
  const isPiped = texts.length === 1 && texts[0] === '-';
  if (asksForSecrets(request) && !isPiped) {
    throw new OptioError('invalid-input', 'a secret on the command line is seen by everybody on this machine', {
      remedy: `Leave it out to be asked for it, or say it on standard input: ${COMMAND} answer ${request.id} -`,
    });
  }
  return answersOf(request, isPiped ? linesOf(await text(input), request.questions.length) : texts);
}

/** A line for each of several; the only one may have several lines. */
function linesOf(said: string, wanted: number): string[] {
  const whole = said.replace(/\r?\n$/, '');
  return wanted === 1 ? [whole] : whole.split(/\r?\n/);
}

function misplaced(message: string, { id }: Request, verbs: readonly string[]): OptioError {
  const ways = verbs.map((verb) => {
    const [first = '', ...rest] = verb.split(' ');
    return `  ${[COMMAND, first, id, ...rest].join(' ')}`;
  });
  return new OptioError('invalid-input', message, { remedy: ['Say one of these:', ...ways].join('\n') });
}

const HELP = `
Examples:
  ${COMMAND} answer request-5f0c                           asks you here
  ${COMMAND} answer request-5f0c 2 "something else"        a choice by its number, and words of your own
  ${COMMAND} answer request-5f0c --field name=Ada --field age=36
  pass show db | ${COMMAND} answer request-5f0c -          a secret never stands on the command line

Empty or without a terminal nothing is answered. To answer nothing: ${COMMAND} deny REQUEST`;
