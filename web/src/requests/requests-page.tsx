import { useEffect, useRef, useState } from 'react';
import { Link } from 'wouter';
import type { RequestView } from '../../../src/contract/view.ts';
import { Button } from '../design/button.tsx';
import { durationInWords, plural } from '../design/in-words.ts';
import { useLooksOn } from '../design/looking-on.ts';
import { useNow } from '../design/ticking.ts';
import { useTitle } from '../frame/title.ts';
import { api, feed } from '../live/api.ts';
import { useStore } from '../live/store.ts';
import { type InboxEntry, nextInbox, onlyOpen } from './inbox.ts';
import { RequestCard } from './request-card.tsx';
import styles from './requests-page.module.css';
import { useAnswerKeys } from './use-answer-keys.ts';

/** Everything that waits for somebody, over all runs, the oldest first. */
export function RequestsPage() {
  useTitle('Requests');
  const { requests, runs } = useStore(feed.list);
  const [entries, setEntries] = useState<readonly InboxEntry[]>([]);
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => setEntries((before) => nextInbox(before, requests)), [requests]);
  const looksOn = useLooksOn();
  const now = useNow();
  const openCount = onlyOpen(entries).length;
  useAnswerKeys({
    name: 'Requests',
    oldest: null, // of many runs none is meant before one goes there
    others: [
      { keys: 'j', label: 'Next request', act: () => moveFocus(list.current, 1) },
      { keys: 'k', label: 'Previous request', act: () => moveFocus(list.current, -1) },
    ],
  });
  return (
    <div className={styles.page}>
      <header className={styles.header}>
        <h1>Requests</h1>
        <p className={styles.count} role="status">
          {entries.length > 0 &&
            (openCount === 0 ? 'nothing waits any more' : `${plural(openCount, 'waits', 'wait')} for an answer`)}
        </p>
        {openCount < entries.length && (
          <Button kind="quiet" onClick={() => setEntries(onlyOpen(entries))}>
            Clear what is answered
          </Button>
        )}
      </header>
      {entries.length === 0 ? (
        <Nothing />
      ) : (
        <>
          {!looksOn && (
            <p className={styles.keys}>
              <kbd>j</kbd> and <kbd>k</kbd> lead to the next and the previous one; <kbd>a</kbd> allows it, <kbd>s</kbd>{' '}
              for the session, <kbd>d</kbd> denies it, <kbd>⇧D</kbd> stops the turn as well.
            </p>
          )}
          <ol ref={list}>
            {entries.map((entry) => (
              <li key={entry.key} className={styles.entry}>
                <p className={styles.from}>
                  <Link href={`/runs/${entry.opened.runId}`}>
                    {runs.get(entry.opened.runId)?.name ?? entry.opened.runId}
                  </Link>
                  {entry.isOpen && <span>waits for {durationInWords(now - Date.parse(entry.opened.openedAt))}</span>}
                </p>
                <EntryCard entry={entry} />
              </li>
            ))}
          </ol>
        </>
      )}
    </div>
  );
}

/** One card while it waits and afterwards, which keeps the focus. The list tells only that it waits no more: who has answered what stands in the run. */
function EntryCard({ entry: { opened, isOpen } }: { readonly entry: InboxEntry }) {
  const { runId, request } = opened;
  const [told, setTold] = useState<RequestView | null>(null);
  useEffect(() => {
    setTold(null);
    if (isOpen) return;
    let isWanted = true;
    const look = async () => (await (await api.find(runId)).view()).requests[request.id];
    look().then(
      (view) => isWanted && view && setTold(view),
      () => {}, // the run may be gone by now, and with it what was said
    );
    return () => {
      isWanted = false;
    };
  }, [runId, request.id, isOpen]);
  const closed: RequestView = { request, state: 'closed', answer: null, by: null, afterItemId: null };
  return <RequestCard runId={runId} request={isOpen ? request : (told ?? closed)} />;
}

function Nothing() {
  return (
    <div className={styles.empty}>
      <p>Nothing waits for you.</p>
      <p>
        When Codex asks whether it may do something, or wants to know something, it appears here, from all runs. A run
        asks if it was launched with somebody there to approve.
      </p>
    </div>
  );
}

/** Leads from card to card, wherever one is. */
function moveFocus(list: HTMLElement | null, step: 1 | -1): void {
  const cards = [...(list?.querySelectorAll<HTMLElement>('article') ?? [])];
  const here = cards.findIndex((card) => card.contains(document.activeElement));
  const next = here < 0 ? (step > 0 ? 0 : cards.length - 1) : here + step;
  const card = cards[next];
  card?.focus();
  card?.scrollIntoView({ block: 'nearest' });
}
