import { lazy, Suspense } from 'react';
import { ChoiceButton, type ChoiceMenuProps } from './choice-button.tsx';
import { useNear } from './use-near.ts';

const loadMenu = () => import('./choice-menu-open.tsx');
const OpenChoiceMenu = lazy(async () => ({ default: (await loadMenu()).OpenChoiceMenu }));

/**
 * A button that opens a menu of things to choose from, and says what is chosen. The menu, which is as large as all else that
 * a list needs, is loaded when somebody comes near it.
 */
export function ChoiceMenu(props: ChoiceMenuProps) {
  const [isWanted, near] = useNear(loadMenu);
  const button = <ChoiceButton label={props.label} choices={props.choices} chosen={props.chosen} {...near} />;
  return isWanted ? (
    <Suspense fallback={button}>
      <OpenChoiceMenu {...props} />
    </Suspense>
  ) : (
    button
  );
}
