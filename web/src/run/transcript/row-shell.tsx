import { Link2 } from 'lucide-react';
import { createContext, type ReactNode, useContext, useState } from 'react';
import { full, timeOfDay } from '../../design/moment.ts';
import { hashOf } from './addresses.ts';
import styles from './row.module.css';
import { momentOf, type Row } from './row.ts';

/** The row that a link has led to, or that was found; its key. */
export const MarkedContext = createContext<string | null>(null);

export interface RowShellProps {
  readonly row: Row;
  readonly label: string;
  readonly children: ReactNode;
}

/** What is around every row: its place, its time, and the link to it. */
export function RowShell({ row, label, children }: RowShellProps) {
  const at = momentOf(row);
  const isMarked = useContext(MarkedContext) === row.key;
  return (
    <article
      className={styles.row}
      aria-label={label}
      data-row={row.key}
      data-marked={isMarked || undefined}
      data-depth={row.depth || undefined}
    >
      <div className={styles.content}>{children}</div>
      <aside className={styles.aside}>
        {at !== undefined && <Moment at={at} />}
        <RowLink row={row} />
      </aside>
    </article>
  );
}

function Moment({ at }: { readonly at: string }) {
  return (
    <time dateTime={at} title={full(at)}>
      {timeOfDay(at)}
    </time>
  );
}

/** Leads to this row, for whoever is given its address; a press also puts that into the clipboard. */
function RowLink({ row }: { readonly row: Row }) {
  const [said, setSaid] = useState<string | null>(null);
  const href = `${location.pathname}${location.search}${hashOf(row.key)}`;
  const copy = () => {
    navigator.clipboard?.writeText(new URL(href, location.href).href).then(
      () => setSaid('Copied'),
      () => setSaid(null), // the address bar has it all the same
    );
  };
  return (
    <a
      className={styles.link}
      href={href}
      aria-label="Link to this"
      title="Link to this"
      onClick={copy}
      onBlur={() => setSaid(null)}
    >
      {said ?? <Link2 size={14} aria-hidden="true" />}
      <span role="status" className="visually-hidden">
        {said}
      </span>
    </a>
  );
}
