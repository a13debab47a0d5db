import { z } from 'zod';
import { budgetSchema } from './budget.ts';
import { itemSchema } from './item.ts';
import { queueEventSchemas } from './message-queue.ts';
import { errorRecordSchema, runOutcomeSchema, runStateSchema } from './outcome.ts';
import { answerSchema, requestSchema } from './request.ts';
import { tokenUsageSchema } from './usage.ts';

const planStepSchema = z.object({ step: z.string(), status: z.enum(['pending', 'inProgress', 'completed']) });
export type PlanStep = z.infer<typeof planStepSchema>;

/** Which text of an item a delta belongs to. */
const deltaPartSchema = z.enum(['text', 'summary', 'reasoning', 'output', 'plan']);
export type DeltaPart = z.infer<typeof deltaPartSchema>;

/** How a run is confined; told on every page and card of it. */
const sandboxReportSchema = z.object({
  mode: z.enum(['read-only', 'workspace-write', 'danger-full-access']),
  isolation: z.enum(['standard', 'strict']),
  /** `false`: no network for commands. `true`: all of it. A list: these hosts only. */
  network: z.union([z.boolean(), z.array(z.string())]),
  /** The permission profile that Codex says is in force. */
  profile: z.string().nullable(),
  approvalPolicy: z.string(),
});
export type SandboxReport = z.infer<typeof sandboxReportSchema>;

/** How the login of a session, and what else is saved where it runs, is kept from the commands that the model runs. */
const loginReportSchema = z.object({
  /** The saved login that it is of; null when it is none. */
  seed: z.string().nullable(),
  /** Where it is: nowhere, in the memory of Codex alone (`tokens`: short-lived ones), or in a file of its private home. */
  kept: z.enum(['nowhere', 'memory', 'tokens', 'file']),
  /** What could read it all the same, in words; of a session without a login, what could read those that are saved there. */
  gaps: z.array(z.string()),
});
export type LoginReport = z.infer<typeof loginReportSchema>;

const turnStatusSchema = z.enum(['completed', 'interrupted', 'failed']);
export type TurnStatus = z.infer<typeof turnStatusSchema>;

const pauseSchema = z.object({
  /** Somebody wished it, its budget is used up, or there is no space left for what it tells. */
  reason: z.enum(['wish', 'budget', 'storeFull']),
  message: z.string(),
});
/** Why a run is paused. */
export type Pause = z.infer<typeof pauseSchema>;

const messageId = z.string();
/** The thread of a sub-agent; absent for the run's own. */
const threadId = z.string().optional();
const inTurn = { turnId: z.string(), threadId };

/** What can happen in a run. A closed union; what Codex tells beyond it comes as `codex.notification`. */
export const eventBodySchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('run.state'),
    state: runStateSchema,
    /** There when it is `paused`. */
    pause: pauseSchema.optional(),
    /** How long it was under way by then, without pauses, in milliseconds; there where that was measured. */
    activeMs: z.number().optional(),
  }),
  z.object({ type: z.literal('run.ended'), outcome: runOutcomeSchema }),
  z.object({
    type: z.literal('session.started'),
    threadId: z.string(),
    isResumed: z.boolean(),
    /** It is over with its first turn: it never waits for a message. */
    lastsOneTurn: z.boolean().optional(),
    codexVersion: z.string(),
    model: z.string(),
    /** How hard the model is to think, where somebody has said so. */
    effort: z.string().optional(),
    /** How Codex was logged in, for people: never a token. */
    login: z.string(),
    loginReport: loginReportSchema.optional(),
    workspace: z.object({ path: z.string(), kind: z.enum(['directory', 'fresh', 'worktree']) }),
    sandbox: sandboxReportSchema,
  }),
  z.object({ type: z.literal('session.reconnected'), reason: z.string() }),
  z.object({ type: z.literal('session.ended'), error: errorRecordSchema.optional() }),
  z.object({
    type: z.literal('message.sent'),
    messageId,
    text: z.string(),
    images: z.array(z.string()),
    steer: z.boolean(),
  }),
  z.object({ type: z.literal('message.accepted'), messageId, turnId: z.string() }),
  z.object({ type: z.literal('message.taken'), messageId, turnId: z.string() }),
  z.object({ type: z.literal('message.refused'), messageId, error: errorRecordSchema }),
  ...queueEventSchemas,
  z.object({ type: z.literal('turn.started'), ...inTurn }),
  z.object({ type: z.literal('turn.retrying'), ...inTurn, message: z.string() }),
  z.object({
    type: z.literal('turn.ended'),
    ...inTurn,
    status: turnStatusSchema,
    error: z.string().optional(),
    durationMs: z.number().optional(),
  }),
  z.object({ type: z.literal('item.started'), ...inTurn, item: itemSchema }),
  z.object({ type: z.literal('item.delta'), ...inTurn, itemId: z.string(), part: deltaPartSchema, delta: z.string() }),
  z.object({ type: z.literal('item.completed'), ...inTurn, item: itemSchema }),
  z.object({
    type: z.literal('item.dropped'),
    ...inTurn,
    itemId: z.string(),
    /** What was half done will not be finished: Codex asks the model again, was steered, or ended the turn. */
    reason: z.enum(['retry', 'steered', 'turnEnded']),
  }),
  z.object({
    type: z.literal('plan.updated'),
    ...inTurn,
    explanation: z.string().optional(),
    steps: z.array(planStepSchema),
  }),
  z.object({ type: z.literal('diff.updated'), ...inTurn, diff: z.string() }),
  z.object({
    type: z.literal('usage.updated'),
    ...inTurn,
    /** Of the whole thread. */
    total: tokenUsageSchema,
    /** Of the last response of the model. */
    last: tokenUsageSchema,
    contextWindow: z.number().optional(),
  }),
  z.object({
    type: z.literal('settings.updated'),
    threadId,
    model: z.string(),
    effort: z.string().nullable(),
    approvalPolicy: z.string(),
    profile: z.string().nullable(),
  }),
  z.object({ type: z.literal('request.opened'), request: requestSchema }),
  z.object({
    type: z.literal('request.answered'),
    requestId: z.string(),
    answer: answerSchema,
    /** Who answered: a person at a terminal, a program, a rule. */
    by: z.string(),
  }),
  z.object({
    type: z.literal('request.refused'),
    request: requestSchema,
    /** Why nobody was asked: not even a person may allow it. */
    reason: z.string(),
  }),
  z.object({
    type: z.literal('request.closed'),
    requestId: z.string(),
    /** It needs no answer any more: somebody else gave one, or its turn was interrupted, or the session ended. */
    reason: z.enum(['resolvedElsewhere', 'sessionEnded']),
  }),
  z.object({
    type: z.literal('notice'),
    level: z.enum(['info', 'warning', 'error']),
    message: z.string(),
    remedy: z.string().optional(),
  }),
  z.object({
    type: z.literal('progress'),
    /** From 0 to 100; null when nobody knows how much there is to do. */
    percent: z.number().min(0).max(100).nullable(),
    message: z.string().nullable(),
  }),
  z.object({
    type: z.literal('budget.updated'),
    /** What it may use by now, in all. */
    budget: budgetSchema,
  }),
  z.object({
    type: z.literal('journal.compacted'),
    /** It stands for the events from this number up to its own: what was told whole, or anew, later. */
    from: z.number(),
  }),
  z.object({ type: z.literal('codex.notification'), method: z.string(), params: z.unknown() }),
]);
export type RunEventBody = z.infer<typeof eventBodySchema>;
export type RunEventType = RunEventBody['type'];

/** An event in the journal: numbered from 1 without gaps, with the time it was written (ISO 8601, UTC). */
export const runEventSchema = z.intersection(
  z.object({ seq: z.number().int().positive(), at: z.string() }),
  eventBodySchema,
);
export type RunEvent = z.infer<typeof runEventSchema>;
export type RunEventOf<T extends RunEventType> = Extract<RunEvent, { type: T }>;
