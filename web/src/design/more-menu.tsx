import { lazy, Suspense, useState } from 'react';
import type { Act } from './act-menu.tsx';
import { MoreButton } from './more-button.tsx';

export interface MoreMenuProps {
  readonly label: string;
  readonly acts: readonly Act[];
}

const loadMenu = () => import('./more-menu-open.tsx');
const OpenMoreMenu = lazy(async () => ({ default: (await loadMenu()).OpenMoreMenu }));

/** A button for all else that can be done. The menu that it opens is loaded when somebody comes near it. */
export function MoreMenu(props: MoreMenuProps) {
  const [isWanted, setWanted] = useState(false);
  const button = (
    <MoreButton
      aria-label={props.label}
      aria-haspopup="menu"
      aria-expanded={false}
      aria-busy={isWanted}
      onPointerEnter={() => void loadMenu()}
      onFocus={() => void loadMenu()}
      onClick={() => setWanted(true)}
    />
  );
  return isWanted ? (
    <Suspense fallback={button}>
      <OpenMoreMenu {...props} />
    </Suspense>
  ) : (
    button
  );
}
