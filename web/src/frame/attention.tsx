import { useEffect } from 'react';
import { useLocation } from 'wouter';
import { feed } from '../live/api.ts';
import { useStore } from '../live/store.ts';
import { faviconOf } from './favicon.ts';
import { Newcomers, requestInWords } from './newcomers.ts';
import { notify, notifying } from './notifications.ts';
import { screenTitle, titleOf } from './title.ts';

/** Tells whoever looks elsewhere that requests wait: by the title and the sign of the tab, and where he wants it by a notification. */
export function Attention() {
  const { requests } = useStore(feed.list);
  const screen = useStore(screenTitle);
  const waiting = requests.size;
  useEffect(() => {
    document.title = titleOf(screen, waiting);
  }, [screen, waiting]);
  useEffect(() => {
    const link = document.querySelector<HTMLLinkElement>('link[rel=icon]');
    if (link) link.href = faviconOf(waiting);
  }, [waiting]);
  useNotifications();
  return (
    <p className="visually-hidden" role="status">
      {waiting > 0 && (waiting === 1 ? 'One request waits for you.' : `${waiting} requests wait for you.`)}
    </p>
  );
}

function useNotifications(): void {
  const [, navigate] = useLocation();
  useEffect(() => {
    const newcomers = new Newcomers();
    const look = () => {
      if (feed.status.value === 'connecting') return;
      const { runs } = feed.list.value;
      for (const opened of newcomers.of(feed.list.value)) {
        if (!document.hidden || notifying.value !== 'on') continue;
        const { runId, request } = opened;
        const name = runs.get(runId)?.name ?? runId;
        notify(name, requestInWords(opened), `${runId}/${request.id}`, () => navigate(`/runs/${runId}`));
      }
    };
    look();
    return feed.list.subscribe(look);
  }, [navigate]);
}
