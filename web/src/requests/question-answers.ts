import type { Answer, Question } from '../../../src/contract/request.ts';

/** What somebody has chosen or typed for a question: `other` counts when it is chosen, or when there are no options. */
export interface QuestionDraft {
  readonly option: number | 'other' | null;
  readonly other: string;
}

export const NOTHING_YET: QuestionDraft = { option: null, other: '' };

export interface GivenAnswers {
  readonly answer: Answer;
  /** The questions that have no answer yet. */
  readonly missing: readonly string[];
}

/** The answer to all questions of a request. */
export function answersOf(
  questions: readonly Question[],
  drafts: Readonly<Record<string, QuestionDraft>>,
): GivenAnswers {
  const texts = questions.map(
    (question) => [question.id, textOf(question, drafts[question.id] ?? NOTHING_YET)] as const,
  );
  const missing = texts.flatMap(([id, text]) => (text === null ? [id] : []));
  const answers = Object.fromEntries(texts.map(([id, text]) => [id, text === null ? [] : [text]]));
  return { answer: { kind: 'answers', answers }, missing };
}

function textOf({ options, isSecret }: Question, { option, other }: QuestionDraft): string | null {
  if (typeof option === 'number') return options[option]?.label ?? null;
  if (option !== 'other' && options.length > 0) return null;
  const typed = isSecret ? other : other.trim(); // a secret may begin or end with a blank
  return typed === '' ? null : typed;
}
