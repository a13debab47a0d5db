import { Inbox, ListTree, type LucideIcon, Plus, Settings, Workflow } from 'lucide-react';

/** Where one can go. */
export interface Screen {
  readonly href: string;
  readonly label: string;
  readonly icon: LucideIcon;
  /** The keys that lead there. */
  readonly keys: string;
  /** Addresses that belong to it as well. */
  readonly below?: string;
}

export const SCREENS: readonly Screen[] = [
  { href: '/new', label: 'New run', icon: Plus, keys: 'g n' },
  { href: '/', label: 'Runs', icon: ListTree, keys: 'g r', below: '/runs/*' },
  { href: '/requests', label: 'Requests', icon: Inbox, keys: 'g i' },
  { href: '/tasks', label: 'Tasks', icon: Workflow, keys: 'g t', below: '/tasks/*' },
  { href: '/settings', label: 'Settings', icon: Settings, keys: 'g s' },
];
