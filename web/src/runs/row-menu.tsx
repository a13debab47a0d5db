import { lazy, Suspense } from 'react';
import type { RunSummary } from '../../../src/contract/run-summary.ts';
import { useLooksOn } from '../design/looking-on.ts';
import { MoreButton } from '../design/more-button.tsx';
import { useNear } from '../design/use-near.ts';

const loadMenu = () => import('./row-menu-open.tsx');
const OpenRowMenu = lazy(async () => ({ default: (await loadMenu()).OpenRowMenu }));

/** A button for all that can be done with a run. What it opens is loaded when somebody comes near it. */
export function RowMenu({ run, onFocus }: { readonly run: RunSummary; readonly onFocus: () => void }) {
  const [isWanted, near] = useNear(loadMenu);
  const looksOn = useLooksOn();
  const button = (
    <MoreButton
      aria-label={`What to do with ${run.name}`}
      {...near}
      onFocus={() => {
        onFocus();
        near.onFocus();
      }}
    />
  );
  if (looksOn) return null;
  return isWanted ? (
    <Suspense fallback={button}>
      <OpenRowMenu run={run} onFocus={onFocus} />
    </Suspense>
  ) : (
    button
  );
}
