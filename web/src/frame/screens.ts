import { Inbox, KeyRound, ListTree, type LucideIcon, Plus, Settings, Workflow } from 'lucide-react';

/** Where one can go. */
export interface Screen {
  readonly href: string;
  readonly label: string;
  readonly icon: LucideIcon;
  /** The keys that lead there. */
  readonly keys: string;
  /** Addresses that belong to it as well. */
  readonly below?: string;
  /** One goes there to do something: it is nothing for whoever may look only. */
  readonly isForActing?: boolean;
}

const SCREENS: readonly Screen[] = [
  { href: '/new', label: 'New run', icon: Plus, keys: 'g n', isForActing: true },
  { href: '/', label: 'Runs', icon: ListTree, keys: 'g r', below: '/runs/*' },
  { href: '/requests', label: 'Requests', icon: Inbox, keys: 'g i' },
  { href: '/tasks', label: 'Tasks', icon: Workflow, keys: 'g t', below: '/tasks/*' },
  { href: '/seeds', label: 'Seeds', icon: KeyRound, keys: 'g l' },
  { href: '/settings', label: 'Settings', icon: Settings, keys: 'g s' },
];

/** Where somebody can go with what he may do. */
export function screensFor(looksOn: boolean): readonly Screen[] {
  return SCREENS.filter(({ isForActing }) => !looksOn || !isForActing);
}
