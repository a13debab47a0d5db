import { connectTo } from '../../../src/client/index.ts';
import { fetchOrTake } from './asked-ahead.ts';
import { Feed } from './feed.ts';
import { readJournalEnd } from './journal-end.ts';
import { Waiting } from './waiting.ts';

/** Where this page lies: the server has written it into the page. */
export const base = new URL(document.baseURI).pathname.replace(/\/$/, '');

/** The server of this page. It never gives up: somebody looks at it. */
export const api = connectTo({
  url: base === '' ? location.origin : base,
  patienceMs: 2 ** 31 - 1,
  fetch: fetchOrTake,
  onRetry({ call }) {
    feed.onRetry();
    waiting.add(call);
  },
});

/** What was done here and is sent once the server answers again. */
export const waiting = new Waiting();

export const feed: Feed = new Feed(api, { readEnd: (runId) => readJournalEnd(base, runId) });
