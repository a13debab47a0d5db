import type { Budget } from '../../contract/budget.ts';
import type { RunOutcome } from '../../contract/outcome.ts';
import type { runRoutes } from '../../contract/routes/run.ts';
import type { RunHandle } from '../../contract/run-handle.ts';
import { checkRetry } from '../confinement.ts';
import type { Handlers, ServerContext } from '../handler.ts';
import { wait } from '../waiting.ts';

export function runHandlers({ api, closing }: ServerContext): Handlers<keyof typeof runRoutes> {
  return {
    showRun: async ({ params }) => (await api.find(params.run)).details(),
    removeRun: async ({ params }) => (await api.find(params.run)).remove(),
    archiveRun: async ({ params }) => (await api.find(params.run)).archive(),
    unarchiveRun: async ({ params }) => (await api.find(params.run)).unarchive(),
    async retryRun({ params, caller, once }) {
      const handle = await api.find(params.run);
      await checkRetry(caller, handle);
      return (await handle.retry(once)).details();
    },
    async waitForRun({ params, query: { waitMs = 0 }, gone }) {
      const handle = await api.find(params.run);
      return { outcome: await outcomeWithin(handle, waitMs, AbortSignal.any([gone, closing])) };
    },
    cancelRun: async ({ params, body }) => (await api.find(params.run)).cancel(body.reason),
    pauseRun: async ({ params, body }) => (await api.find(params.run)).pause(body.message),
    resumeRun: async ({ params }) => (await api.find(params.run)).resume(),
    finishRun: async ({ params }) => (await api.find(params.run)).finish(),
    raiseBudget: async ({ params, body }) => (await api.find(params.run)).raiseBudget(body as Budget),
  };
}

/** What is written down decides: a run whose end has just come may be told of late. */
async function outcomeWithin(handle: RunHandle, waitMs: number, stopped: AbortSignal): Promise<RunOutcome | null> {
  const { outcome } = await handle.details();
  if (outcome || waitMs === 0) return outcome;
  const ended = handle.outcome.catch(() => null); // this process leaves it to another
  return (await Promise.race([ended, wait(waitMs, stopped)])) ?? (await handle.details()).outcome;
}
