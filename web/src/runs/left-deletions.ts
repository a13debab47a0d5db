import { keep, readKept } from '../design/kept.ts';
import { base } from '../live/api.ts';
import { deletions } from './run-acts.ts';

type Left = readonly { readonly id: string; readonly name: string }[];

/** Browsers send about 250 requests of a page that is gone, and drop the others without a word. */
const MOST_SENT = 200;
const KEY = 'optio-codex.to-delete';

/**
 * Carries out, while the page is left, what could still have been undone; what is too much for that is begun anew when the page
 * is opened next. The returned function ends that.
 */
export function seeToLeftDeletions(): () => void {
  const kept = readKept<Left>(KEY, [], isLeft);
  localStorage.removeItem(KEY);
  deletions.begin(kept);
  const onLeave = () => {
    const left = deletions.leave();
    for (const { id } of left.slice(0, MOST_SENT)) {
      const address = `${base}/api/runs/${encodeURIComponent(id)}`;
      fetch(address, { method: 'DELETE', keepalive: true }).catch(() => {}); // nobody is there any more to hear of it
    }
    if (left.length > MOST_SENT) keep(KEY, left.slice(MOST_SENT));
  };
  addEventListener('pagehide', onLeave);
  return () => removeEventListener('pagehide', onLeave);
}

function isLeft(value: unknown): value is Left {
  const isOne = (one: unknown) => one !== null && typeof one === 'object' && 'id' in one && 'name' in one;
  return Array.isArray(value) && value.every(isOne);
}
