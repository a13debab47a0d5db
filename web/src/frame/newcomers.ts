import { activityOfRequest } from '../../../src/contract/activity.ts';
import type { OpenRequest } from '../../../src/contract/run-summary.ts';
import type { RunList } from '../../../src/contract/run-update.ts';

/** Which requests are new since it was asked last. The first time none is: they were there before. */
export class Newcomers {
  #known: ReadonlySet<string> | undefined;

  of(list: Pick<RunList, 'requests'>): OpenRequest[] {
    const before = this.#known;
    this.#known = new Set(list.requests.keys());
    if (!before) return [];
    return [...list.requests].flatMap(([key, opened]) => (before.has(key) ? [] : [opened]));
  }
}

/** What a request is about, in a line. */
export function requestInWords({ request }: OpenRequest): string {
  const words = activityOfRequest(request, undefined).replace(/^waiting: /, '');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
