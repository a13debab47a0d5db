import { lazy, Suspense } from 'react';
import { MoreButton } from './more-button.tsx';
import { useNear } from './use-near.ts';

/** Something that one can do. */
export interface Act {
  readonly label: string;
  /** It takes something away (false). */
  readonly isGrave?: boolean;
  /** What is asynchronous in it tells itself how it went. */
  readonly act: () => unknown;
}

export interface MoreMenuProps {
  readonly label: string;
  readonly acts: readonly Act[];
  /** Called when the button gets the focus. */
  readonly onFocus?: () => void;
}

const loadMenu = () => import('./more-menu-open.tsx');
const OpenMoreMenu = lazy(async () => ({ default: (await loadMenu()).OpenMoreMenu }));

/** A button for all else that can be done. The menu that it opens is loaded when somebody comes near it. */
export function MoreMenu(props: MoreMenuProps) {
  const [isWanted, near] = useNear(loadMenu);
  const button = <MoreButton aria-label={props.label} {...near} />;
  return isWanted ? (
    <Suspense fallback={button}>
      <OpenMoreMenu {...props} />
    </Suspense>
  ) : (
    button
  );
}
