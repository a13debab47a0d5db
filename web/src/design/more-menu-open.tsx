import { Menu } from '@base-ui/react/menu';
import { ActMenu } from './act-menu.tsx';
import { MoreButton } from './more-button.tsx';
import type { MoreMenuProps } from './more-menu.tsx';

/** The whole of it, opened: see `MoreMenu`. */
export function OpenMoreMenu({ label, acts }: MoreMenuProps) {
  return (
    <Menu.Root defaultOpen modal={false}>
      <Menu.Trigger render={<MoreButton aria-label={label} />} />
      <ActMenu acts={acts} />
    </Menu.Root>
  );
}
