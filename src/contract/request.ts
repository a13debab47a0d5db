import { z } from 'zod';
import { OptioError } from '../errors.ts';
import { byName } from './by-name.ts';
import { fileChangeSchema } from './item.ts';

/**
 * Whether what is asked for would still run inside the sandbox once it is allowed. `no`: it may write anywhere as
 * this user. `unknown` is to be treated like `no`.
 */
const sandboxedSchema = z.enum(['yes', 'no', 'unknown']);
export type Sandboxed = z.infer<typeof sandboxedSchema>;

const questionSchema = z.object({
  id: z.string(),
  header: z.string(),
  question: z.string(),
  /** Answers to choose from; empty for a free answer. */
  options: z.array(z.object({ label: z.string(), description: z.string() })),
  /** An answer that is not among the options is welcome too. */
  allowsOther: z.boolean(),
  /** The answer is a secret and must not be shown or kept. */
  isSecret: z.boolean(),
});
export type Question = z.infer<typeof questionSchema>;

const common = {
  /** Ours: unique within the run. */
  id: z.string(),
  /** The thread that asks; a sub-agent asks under its own. */
  threadId: z.string(),
  turnId: z.string().nullable(),
  itemId: z.string().nullable(),
  /** Why the agent wants it, in its own words. */
  reason: z.string().optional(),
};
const approval = { ...common, sandboxed: sandboxedSchema };

/** Something Codex asks and waits for. */
export const requestSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('command'),
    ...approval,
    command: z.string(),
    /** Where it is to be run; the agent chooses that. */
    cwd: z.string(),
    /** The directory in which Codex works. */
    workspace: z.string().optional(),
    /**
     * It is not about running this command, or not only: `input` for one that runs already, a host on the `network`,
     * more `permissions`, or something that this version has no word for.
     */
    beyond: z.enum(['input', 'network', 'permissions', 'other']).optional(),
  }),
  z.object({
    kind: z.literal('fileChange'),
    ...approval,
    changes: z.array(fileChangeSchema),
    /** The directory in which Codex works. */
    cwd: z.string().optional(),
    /** More than these changes: whatever is below this directory may be changed from then on, for the whole session. */
    grantRoot: z.string().optional(),
  }),
  z.object({ kind: z.literal('permissions'), ...approval, permissions: z.unknown() }),
  z.object({
    kind: z.literal('mcpTool'),
    ...approval,
    server: z.string(),
    /** Absent where an older Codex does not tell it. */
    tool: z.string().optional(),
    message: z.string(),
    arguments: z.unknown(),
  }),
  z.object({ kind: z.literal('question'), ...common, questions: z.array(questionSchema) }),
  z.object({
    kind: z.literal('elicitation'),
    ...common,
    server: z.string(),
    message: z.string(),
    /** What to fill in, as a JSON schema; absent when there is only a page to visit. */
    schema: z.unknown().optional(),
    url: z.string().optional(),
  }),
]);
export type Request = z.infer<typeof requestSchema>;
export type RequestKind = Request['kind'];

/** What may be answered. A decision for approvals, answers for questions, a form for elicitations. */
export const answerSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('decision'),
    behavior: z.enum(['allow', 'deny']),
    /** The same again is not asked in this session. */
    forSession: z.boolean().optional(),
    /** With `deny`: stop the turn as well. */
    interrupt: z.boolean().optional(),
    /** Why; kept in the record, Codex has no place for it. */
    message: z.string().optional(),
    /** What the command or tool should have been given instead; kept, since Codex takes no such thing. */
    updatedInput: z.unknown().optional(),
  }),
  z.object({ kind: z.literal('answers'), answers: byName(z.array(z.string())) }),
  z.object({
    kind: z.literal('form'),
    action: z.enum(['accept', 'decline', 'cancel']),
    content: z.unknown().optional(),
  }),
]);
export type Answer = z.infer<typeof answerSchema>;

/** Throws `invalid-input` for an answer that is none to this request. */
export function checkAnswer(request: Request, answer: Answer): void {
  const wanted = request.kind === 'question' ? 'answers' : request.kind === 'elicitation' ? 'form' : 'decision';
  if (!answerSchema.safeParse(answer).success || answer.kind !== wanted) {
    throw new OptioError('invalid-input', `this is not a valid answer to a request of the kind "${request.kind}"`, {
      remedy: `Give an answer of the kind "${wanted}".`,
    });
  }
}

/** The answer that is given when nobody can: no. */
export function refusalOf(request: Request, message: string): Answer {
  if (request.kind === 'question') return { kind: 'answers', answers: {} };
  if (request.kind === 'elicitation') return { kind: 'form', action: 'decline' };
  return { kind: 'decision', behavior: 'deny', message };
}

/** Whether some of what is asked for is a secret, which is given on and not kept. */
export function asksForSecrets(request: Request): boolean {
  return request.kind === 'question' && request.questions.some(({ isSecret }) => isSecret);
}

/** An answer that was asked for as a secret goes to Codex and nowhere else; this is what is kept. */
export function withoutSecrets(request: Request, answer: Answer): Answer {
  if (request.kind !== 'question' || answer.kind !== 'answers') return answer;
  const secret = new Set(request.questions.flatMap((question) => (question.isSecret ? [question.id] : [])));
  const kept = Object.entries(answer.answers).map(
    ([id, texts]) => [id, secret.has(id) ? ['(secret)'] : texts] as const,
  );
  return { kind: 'answers', answers: Object.fromEntries(kept) };
}

/** What was answered, for whoever comes too late. */
export function answerInWords(answer: Answer): string {
  if (answer.kind === 'decision') return `"${answer.behavior}"${answer.forSession ? ' for the session' : ''}`;
  if (answer.kind === 'form') return `"${answer.action}"`;
  const given = Object.values(answer.answers).flat();
  return given.length > 0 ? given.map((text) => `"${text}"`).join(', ') : 'nothing';
}
