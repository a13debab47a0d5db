import type { RequestView } from '../../../src/contract/view.ts';
import { GUARD } from '../../../src/contract/view.ts';

/** What became of a request that is not open any more, and by whom: one line. */
export function outcomeInWords({ request, state, answer, by }: RequestView): string {
  if (state === 'closed' || !answer) return 'Closed without an answer: none is needed any more.';
  if (by === GUARD) return 'Refused without asking anybody: not even a person may allow it.';
  const who = by ?? 'somebody';
  switch (answer.kind) {
    case 'decision': {
      const word = answer.behavior === 'allow' ? 'Allowed' : 'Denied';
      const more = answer.forSession ? ' for this session' : answer.interrupt ? ', and the turn was stopped,' : '';
      return `${word}${more} by ${who}.`;
    }
    case 'answers':
      return Object.values(answer.answers).flat().length > 0 ? `Answered by ${who}.` : `Left unanswered by ${who}.`;
    case 'form':
      return `${FORM_WORDS[answer.action]} by ${who}${request.kind === 'elicitation' && request.url ? ' (a page to visit)' : ''}.`;
  }
}

const FORM_WORDS = { accept: 'Filled in', decline: 'Declined', cancel: 'Cancelled' } as const;

/** What was said with it, line by line. */
export function saidWith({ request, answer }: RequestView): string[] {
  if (answer?.kind === 'decision') return answer.message ? [answer.message] : [];
  if (answer?.kind === 'form') return answer.content === undefined ? [] : [JSON.stringify(answer.content)];
  if (answer?.kind !== 'answers' || request.kind !== 'question') return [];
  return request.questions.flatMap(({ id, question }) => {
    const texts = answer.answers[id] ?? [];
    return texts.length === 0 ? [] : [`${question} ${texts.join(', ')}`];
  });
}

/** Whether it was a yes; null where that is no question. */
export function wasAllowed({ answer }: RequestView): boolean | null {
  if (answer?.kind === 'decision') return answer.behavior === 'allow';
  if (answer?.kind === 'form') return answer.action === 'accept';
  return null;
}
