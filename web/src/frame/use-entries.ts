import { useLocation } from 'wouter';
import { useLooksOn } from '../design/looking-on.ts';
import { STATE_WORDS, shownState } from '../design/shown-state.ts';
import { setTheme, THEMES } from '../design/theme.ts';
import { feed } from '../live/api.ts';
import { useStore } from '../live/store.ts';
import { inOrder } from '../runs/order.ts';
import { savedViews } from '../runs/view-store.ts';
import { addressOfView } from '../runs/views.ts';
import { shownCommands } from './commands.ts';
import type { Entry } from './entries.ts';
import { type Notifying, notifying, turnNotificationsOff, turnNotificationsOn } from './notifications.ts';
import { screensFor } from './screens.ts';

export interface EntriesOptions {
  readonly onKeyboardMap: () => void;
}

/** All that the palette offers: what the screen can do, where one can go, and every run. */
export function useEntries({ onKeyboardMap }: EntriesOptions): Entry[] {
  const [, navigate] = useLocation();
  const looksOn = useLooksOn();
  const { runs } = useStore(feed.list);
  const views = useStore(savedViews);
  const notifies = useStore(notifying);
  return [
    ...shownCommands().flatMap(({ name, commands }) =>
      commands.map(({ id, label, words, keys, act }): Entry => {
        return { id: `${name}: ${id}`, group: name, label, act, ...(words && { words }), ...(keys && { hint: keys }) };
      }),
    ),
    ...screensFor(looksOn).map(({ href, label, keys }): Entry => {
      return { id: href, group: 'Go to', label, hint: keys, act: () => navigate(href) };
    }),
    { id: 'archive', group: 'Go to', label: 'Archive', act: () => navigate('/?archived=true') },
    ...views.map((view): Entry => {
      return { id: `view ${view.id}`, group: 'Views', label: view.name, act: () => navigate(addressOfView(view)) };
    }),
    ...inOrder([...runs.values()], null, 0).map((run): Entry => {
      const { id, name, taskId } = run;
      const hint = STATE_WORDS[shownState(run)];
      return { id, group: 'Runs', label: name, words: `${id} ${taskId}`, hint, act: () => navigate(`/runs/${id}`) };
    }),
    ...THEMES.map((theme): Entry => {
      return { id: `theme ${theme}`, group: 'Page', label: `Theme: ${theme}`, act: () => setTheme(theme) };
    }),
    ...notificationEntries(notifies),
    { id: 'keyboard', group: 'Page', label: 'Show the keyboard map', hint: '?', act: onKeyboardMap },
  ];
}

/** Turns notifications on or off, where this browser lets the page do that. */
function notificationEntries(state: Notifying): Entry[] {
  const entry = (label: string, act: () => void): Entry => ({ id: 'notifications', group: 'Page', label, act });
  if (state === 'on') return [entry('Turn notifications off', turnNotificationsOff)];
  if (state === 'off') return [entry('Turn notifications on', () => void turnNotificationsOn())];
  return [];
}
