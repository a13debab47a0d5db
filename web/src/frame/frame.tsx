import { Inbox, ListTree, Plus, Settings, Workflow } from 'lucide-react';
import type { ReactNode } from 'react';
import { Link, useRoute } from 'wouter';
import { feed } from '../live/api.ts';
import { useStore } from '../live/store.ts';
import styles from './frame.module.css';

/** What is around every screen: where one can go, and how things stand with the server. */
export function Frame({ children }: { readonly children: ReactNode }) {
  const { requests } = useStore(feed.list);
  return (
    <div className={styles.frame}>
      <nav className={styles.nav} aria-label="Screens">
        <Link href="/" className={styles.brand}>
          <img src="./icon.svg" alt="" width="22" height="22" />
          <span>optio-codex</span>
        </Link>
        <Screen href="/new" icon={<Plus size={16} />} label="New run" />
        <Screen href="/" icon={<ListTree size={16} />} label="Runs" />
        <Screen href="/requests" icon={<Inbox size={16} />} label="Requests" count={requests.size} />
        <Screen href="/tasks" icon={<Workflow size={16} />} label="Tasks" />
        <Screen href="/settings" icon={<Settings size={16} />} label="Settings" />
        <Connection />
      </nav>
      <main className={styles.main}>{children}</main>
    </div>
  );
}

interface ScreenProps {
  readonly href: string;
  readonly icon: ReactNode;
  readonly label: string;
  readonly count?: number;
}

function Screen({ href, icon, label, count = 0 }: ScreenProps) {
  const [isHere] = useRoute(href);
  return (
    <Link href={href} className={styles.screen} aria-current={isHere ? 'page' : undefined}>
      {icon}
      <span>{label}</span>
      {count > 0 && <span className={styles.count}>{count}</span>}
    </Link>
  );
}

function Connection() {
  const status = useStore(feed.status);
  if (status !== 'lost') return null;
  return (
    <p className={styles.lost} role="status">
      The server does not answer. Trying again …
    </p>
  );
}
