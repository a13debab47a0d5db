import { lazy, Suspense, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { newKey } from '../../../src/client/key.ts';
import { Button } from '../design/button.tsx';
import { useStore } from '../live/store.ts';
import { type Filter, isEmpty } from './filter.ts';
import type { Sort } from './order.ts';
import styles from './view-bar.module.css';
import { removeView, savedViews, saveView } from './view-store.ts';
import { addressOfView, queryOf, type SavedView, shows } from './views.ts';

const NameView = lazy(async () => ({ default: (await import('./name-view.tsx')).NameView }));

export interface ViewBarProps {
  readonly filter: Filter;
  readonly sort: Sort | null;
  /** The view that the address names; null for none. */
  readonly chosen: string | null;
}

/** The views that were saved, and what one can do with the one that is shown. */
export function ViewBar({ filter, sort, chosen }: ViewBarProps) {
  const views = useStore(savedViews);
  const [, navigate] = useLocation();
  const [asks, setAsks] = useState<'save' | 'rename' | null>(null);
  const current = views.find(({ id }) => id === chosen);
  const isChanged = current !== undefined && !shows(current, filter, sort);
  const isKnown = views.some((view) => shows(view, filter, sort));
  const canSave = !isKnown && (!isEmpty(filter) || sort !== null);
  if (views.length === 0 && !canSave) return null;

  const put = (view: SavedView) => {
    saveView(view);
    navigate(addressOfView(view), { replace: true });
  };
  const now = queryOf(filter, sort);
  const remove = (view: SavedView) => {
    removeView(view);
    navigate(now === '' ? '/' : `/?${now}`, { replace: true });
  };
  return (
    <nav className={styles.bar} aria-label="Saved views">
      {views.map((view) => (
        <Link
          key={view.id}
          href={addressOfView(view)}
          className={styles.view}
          aria-current={view === current || undefined}
          title={view === current && isChanged ? 'The list is not as it was saved' : undefined}
        >
          <span>{view.name}</span>
          {view === current && isChanged && <em>changed</em>}
        </Link>
      ))}
      <span className={styles.acts}>
        {current && isChanged && (
          <Button kind="quiet" onClick={() => put({ ...current, query: now })}>
            Save the changes
          </Button>
        )}
        {canSave && (
          <Button kind="quiet" onClick={() => setAsks('save')}>
            {current ? 'Save as another view' : 'Save as a view'}
          </Button>
        )}
        {current && (
          <>
            <Button kind="quiet" onClick={() => setAsks('rename')}>
              Rename
            </Button>
            <Button kind="quiet" onClick={() => remove(current)}>
              Remove the view
            </Button>
          </>
        )}
      </span>
      <Suspense>
        {asks === 'save' && (
          <NameView
            title="Save as a view"
            verb="Save"
            name=""
            others={views}
            onName={(name) => put({ id: newKey(), name, query: now })}
            onClose={() => setAsks(null)}
          />
        )}
        {asks === 'rename' && current && (
          <NameView
            title={`Rename “${current.name}”`}
            verb="Rename"
            name={current.name}
            others={views.filter((view) => view !== current)}
            onName={(name) => saveView({ ...current, name })}
            onClose={() => setAsks(null)}
          />
        )}
      </Suspense>
    </nav>
  );
}
