import type { KeyboardEvent } from 'react';
import { Link } from 'wouter';
import type { FoundRun, FoundText } from '../../../src/contract/search.ts';
import { Button } from '../design/button.tsx';
import { exact } from '../design/exact.ts';
import { counted } from '../design/figures.ts';
import { Problem } from '../design/problem.tsx';
import { shownState } from '../design/shown-state.ts';
import { StateMark } from '../design/state-mark.tsx';
import { Time } from '../design/time.tsx';
import { useShortcuts } from '../frame/shortcuts.ts';
import styles from './found-list.module.css';
import { addressOf, addressOfRun, KIND_WORDS } from './found-places.ts';
import type { TextSearchParts } from './use-text-search.ts';

export interface FoundListProps {
  readonly wanted: string;
  readonly search: TextSearchParts;
  /** What is found is not what one has typed by now. */
  readonly isStale: boolean;
  readonly isNarrow: boolean;
  /** Goes to where one types what is looked for. */
  readonly onSearch: () => void;
}

/** The runs in which something was said, with the places where it was. */
export function FoundList({ wanted, search, isStale, isNarrow, onSearch }: FoundListProps) {
  useShortcuts('Runs', [{ keys: '/', label: 'Search', act: onSearch }]);
  const { found, hasMore, isLoading, isBehind, problem, more, again } = search;
  const isBusy = isStale || isLoading;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the links in it have the focus, and arrow keys go from one to the next
    <div className={styles.scroller} onKeyDown={moveFocus}>
      <p className={styles.state} role="status">
        {statusOf(search, isBusy, isNarrow)}
      </p>
      <ol className={styles.runs} data-stale={isStale || undefined} aria-label="What was said">
        {found.map((one) => (
          <FoundRunView key={one.run.id} found={one} wanted={wanted} />
        ))}
      </ol>
      <div className={styles.foot}>
        {problem && <Problem error={problem} title="The search did not come to its end" />}
        {!isBusy && (hasMore || problem) && (
          <Button onClick={more}>{problem ? 'Try again' : found.length > 0 ? 'Show more' : 'Look further back'}</Button>
        )}
        {isBehind && !isBusy && (
          <>
            <span>Journals are still being read: what they say may be missing.</span>
            <Button onClick={again}>Search again</Button>
          </>
        )}
      </div>
    </div>
  );
}

function statusOf({ found, hasMore, problem }: TextSearchParts, isBusy: boolean, isNarrow: boolean): string {
  if (found.length > 0) return `Said in ${counted(found.length, 'run')}${hasMore ? ', and there may be more' : ''}`;
  if (isBusy) return 'Searching …';
  if (problem) return '';
  if (hasMore) return 'Not found yet: not all was looked through.';
  return isNarrow ? 'No run that matches the filters says that.' : 'No run says that.';
}

function FoundRunView({ found: { run, texts, more }, wanted }: { readonly found: FoundRun; readonly wanted: string }) {
  return (
    <li className={styles.run}>
      <div className={styles.head}>
        <Link href={addressOfRun(run.id, wanted)} className={styles.name} title={run.name}>
          {run.name}
        </Link>
        <StateMark state={shownState(run)} />
        <span className={styles.more}>{more > 0 && `${more < 100 ? more : '100 or'} more`}</span>
      </div>
      <ul className={styles.texts}>
        {texts.map((text, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: one event may tell several, and they never change places
          <li key={`${text.seq} ${at}`}>
            <Link href={addressOf(run.id, wanted, text)} className={styles.text}>
              <span className={styles.kind}>{KIND_WORDS[text.kind]}</span>
              <Snippet text={text} />
              <span className={styles.at}>
                <Time at={text.at} />
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </li>
  );
}

function Snippet({ text: { snippet, from, to } }: { readonly text: FoundText }) {
  return (
    <span className={styles.snippet} title={snippet}>
      {exact(snippet.slice(0, from))}
      <mark>{exact(snippet.slice(from, to))}</mark>
      {exact(snippet.slice(to))}
    </span>
  );
}

function moveFocus(event: KeyboardEvent<HTMLDivElement>) {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (by === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
  const links = [...event.currentTarget.querySelectorAll('a')];
  const at = links.indexOf(document.activeElement as HTMLAnchorElement);
  if (at < 0) return;
  event.preventDefault();
  links[Math.min(links.length - 1, Math.max(0, at + by))]?.focus();
}
