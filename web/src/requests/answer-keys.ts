import type { Request } from '../../../src/contract/request.ts';
import type { RequestView } from '../../../src/contract/view.ts';
import { isApproval } from './sandbox-words.ts';

/** For how long a request that has just come up takes no keys, in milliseconds: the finger meant something else. */
const UNSETTLED_MS = 500;

/** Whether the request that keys would answer has been there for long enough to be meant. All times are those of events. */
export class Settling {
  #id: string | null = null;
  #since = 0;

  /** Which request the keys would answer now; null for none. */
  show(id: string | null, now: number): void {
    if (id !== this.#id) this.#since = now;
    this.#id = id;
  }

  /** Something was answered: the next key is not to answer another request as well. */
  answered(now: number): void {
    this.#since = now;
  }

  isMeant(at: number): boolean {
    return at - this.#since >= UNSETTLED_MS;
  }
}

/** The requests that wait, the oldest first. */
export function openRequests(requests: Readonly<Record<string, RequestView>>): Request[] {
  return Object.values(requests).flatMap(({ state, request }) => (state === 'open' ? [request] : []));
}

/** The one that keys answer where no card has the focus. */
export function oldestApproval(open: readonly Request[]): Request | null {
  return open.find(isApproval) ?? null;
}

/** The one after that which has the focus, and after the last the first again. */
export function nextRequest(open: readonly Request[], focusedId: string | null): Request | undefined {
  return open[(open.findIndex(({ id }) => id === focusedId) + 1) % open.length];
}

const given = new WeakSet<Request>();

/** Gives an answer, unless one is on its way already or has arrived, from wherever on this page. What fails may be tried again. */
export async function once(request: Request, answer: () => Promise<void>): Promise<void> {
  if (given.has(request)) return;
  given.add(request);
  try {
    await answer();
  } catch (thrown) {
    given.delete(request);
    throw thrown;
  }
}
