import { describe, expect, it } from 'vitest';
import { type Answer, checkAnswer, type Question, type Request } from '../../../src/contract/request.ts';
import { outcomeInWords, saidWith } from '../../../web/src/requests/given-answer.ts';
import { answersOf } from '../../../web/src/requests/question-answers.ts';

const base: Question = { id: 'q', header: 'H', question: 'Which?', options: [], allowsOther: false, isSecret: false };
const options = [
  { label: 'Red', description: '' },
  { label: 'Blue', description: '' },
];

describe('the answers to questions', () => {
  it('are the option that was chosen, or what was typed', () => {
    const questions = [
      { ...base, id: 'free' },
      { ...base, id: 'chosen', options },
      { ...base, id: 'other', options, allowsOther: true },
      { ...base, id: 'secret', isSecret: true },
    ];
    const given = answersOf(questions, {
      free: { option: null, other: ' so ' },
      chosen: { option: 1, other: 'not this' },
      other: { option: 'other', other: 'Green' },
      secret: { option: null, other: ' kept ' },
    });
    expect(given.missing).toEqual([]);
    expect(given.answer).toEqual({
      kind: 'answers',
      answers: { free: ['so'], chosen: ['Blue'], other: ['Green'], secret: [' kept '] },
    });
    const request: Request = { kind: 'question', id: 'r', threadId: 't', turnId: null, itemId: null, questions };
    expect(() => checkAnswer(request, given.answer)).not.toThrow();
  });

  it('are missing where nothing was chosen, or typed', () => {
    const questions = [
      { ...base, id: 'free' },
      { ...base, id: 'chosen', options },
      { ...base, id: 'other', options },
    ];
    const drafts = {
      chosen: { option: null, other: 'typed before' },
      other: { option: 'other', other: '  ' },
    } as const;
    expect(answersOf(questions, drafts).missing).toEqual(['free', 'chosen', 'other']);
  });
});

describe('what became of a request', () => {
  const request: Request = { kind: 'question', id: 'r', threadId: 't', turnId: null, itemId: null, questions: [base] };

  it('is told with who has answered, and what', () => {
    const answer: Answer = { kind: 'answers', answers: { q: ['Red'] } };
    expect(outcomeInWords({ request, state: 'answered', answer, by: 'ada' })).toBe('Answered by ada.');
    expect(saidWith({ request, state: 'answered', answer, by: 'ada' })).toEqual(['Which? Red']);
    const denied = { kind: 'decision', behavior: 'deny', interrupt: true, message: 'No.' } as const;
    expect(outcomeInWords({ request, state: 'answered', answer: denied, by: 'ada' })).toBe(
      'Denied, and the turn was stopped, by ada.',
    );
    expect(saidWith({ request, state: 'answered', answer: denied, by: 'ada' })).toEqual(['No.']);
  });

  it('is told where nobody was asked, and where no answer was needed any more', () => {
    const answer = { kind: 'decision', behavior: 'deny' } as const;
    expect(outcomeInWords({ request, state: 'answered', answer, by: 'guard' })).toMatch(/without asking anybody/);
    expect(outcomeInWords({ request, state: 'closed', answer: null, by: null })).toMatch(/without an answer/);
  });
});
