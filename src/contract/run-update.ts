import { z } from 'zod';
import { runEventSchema } from './event.ts';
import { type OpenRequest, openRequestSchema, type RunSummary, runSummarySchema } from './run-summary.ts';

/** What changes in a list of runs. The first one is always a `snapshot`. */
export const runUpdateSchema = z.discriminatedUnion('type', [
  /** All of it. Another one takes the place of everything before. */
  z.object({
    type: z.literal('snapshot'),
    runs: z.array(runSummarySchema),
    requests: z.array(openRequestSchema),
    /** There are more runs than are told of: the oldest of those that have ended are left out. */
    isPartial: z.boolean(),
  }),
  /** A run that was not in the list. */
  z.object({ type: z.literal('added'), run: runSummarySchema }),
  /** What is different in a run. */
  z.object({ type: z.literal('changed'), id: z.string(), change: runSummarySchema.partial() }),
  /** It is gone, or does not match the filter any more. */
  z.object({ type: z.literal('removed'), id: z.string() }),
  z.object({ type: z.literal('requestOpened'), opened: openRequestSchema }),
  /** It needs no answer any more. */
  z.object({ type: z.literal('requestClosed'), runId: z.string(), requestId: z.string() }),
  /** What happened in the run that is followed; see `applyEvent`. */
  z.object({ type: z.literal('events'), runId: z.string(), events: z.array(runEventSchema) }),
]);
export type RunUpdate = z.infer<typeof runUpdateSchema>;

/** A list of runs and their open requests, kept up to date by updates. */
export interface RunList {
  readonly runs: ReadonlyMap<string, RunSummary>;
  /** Oldest first, by run and request. */
  readonly requests: ReadonlyMap<string, OpenRequest>;
  readonly isPartial: boolean;
}

export const EMPTY_RUN_LIST: RunList = { runs: new Map(), requests: new Map(), isPartial: false };

/** The list after one more update. */
export function applyRunUpdate(list: RunList, update: RunUpdate): RunList {
  switch (update.type) {
    case 'snapshot':
      return {
        runs: new Map(update.runs.map((run) => [run.id, run])),
        requests: new Map(update.requests.map((opened) => [keyOf(opened.runId, opened.request.id), opened])),
        isPartial: update.isPartial,
      };
    case 'added':
      return { ...list, runs: new Map(list.runs).set(update.run.id, update.run) };
    case 'changed': {
      const before = list.runs.get(update.id);
      if (!before) return list;
      return {
        ...list,
        runs: new Map(list.runs).set(update.id, { ...before, ...(update.change as Partial<RunSummary>) }),
      };
    }
    case 'removed': {
      const runs = new Map(list.runs);
      runs.delete(update.id);
      return { ...list, runs };
    }
    case 'requestOpened': {
      const { runId, request } = update.opened;
      return { ...list, requests: new Map(list.requests).set(keyOf(runId, request.id), update.opened) };
    }
    case 'requestClosed': {
      const requests = new Map(list.requests);
      requests.delete(keyOf(update.runId, update.requestId));
      return { ...list, requests };
    }
    case 'events':
      return list;
  }
}

function keyOf(runId: string, requestId: string): string {
  return `${runId}/${requestId}`;
}
