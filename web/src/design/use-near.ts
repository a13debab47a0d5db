import { useState } from 'react';

/** What a button has that opens a menu which is loaded when somebody comes near it. */
interface NearProps {
  readonly 'aria-haspopup': 'menu';
  readonly 'aria-expanded': false;
  readonly 'aria-busy': boolean;
  readonly onPointerEnter: () => void;
  readonly onFocus: () => void;
  readonly onClick: () => void;
}

/** Whether the menu is wanted by now, and what its button needs until it is there. */
export function useNear(load: () => Promise<unknown>): readonly [isWanted: boolean, props: NearProps] {
  const [isWanted, setWanted] = useState(false);
  const props: NearProps = {
    'aria-haspopup': 'menu',
    'aria-expanded': false,
    'aria-busy': isWanted,
    onPointerEnter: () => void load(),
    onFocus: () => void load(),
    onClick: () => setWanted(true),
  };
  return [isWanted, props];
}
