import { MoreHorizontal } from 'lucide-react';
import type { ComponentProps } from 'react';
import { Button } from './button.tsx';

export type MoreButtonProps = Omit<ComponentProps<typeof Button>, 'children' | 'kind' | 'isIcon'> & {
  readonly 'aria-label': string;
};

/** What opens a menu of all else that can be done. */
export function MoreButton(props: MoreButtonProps) {
  return (
    <Button kind="quiet" isIcon {...props}>
      <MoreHorizontal size={16} aria-hidden />
    </Button>
  );
}
