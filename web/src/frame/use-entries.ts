import { useLocation, useRoute } from 'wouter';
import type { RunSummary } from '../../../src/contract/run-summary.ts';
import { useLooksOn } from '../design/looking-on.ts';
import { STATE_WORDS } from '../design/state-words.ts';
import { setTheme, THEMES } from '../design/theme.ts';
import { feed } from '../live/api.ts';
import { useStore } from '../live/store.ts';
import { useSummary } from '../run/use-summary.ts';
import { inOrder } from '../runs/order.ts';
import { savedViews } from '../runs/view-store.ts';
import { addressOfView } from '../runs/views.ts';
import type { Entry } from './entries.ts';
import { entriesOfRun } from './run-entries.ts';
import { screensFor } from './screens.ts';

export interface EntriesOptions {
  readonly onKeyboardMap: () => void;
  readonly onCancel: (run: RunSummary) => void;
}

/** All that the palette offers: what the screen can do, where one can go, and every run. */
export function useEntries({ onKeyboardMap, onCancel }: EntriesOptions): Entry[] {
  const [, navigate] = useLocation();
  const [, route] = useRoute('/runs/:run');
  const looksOn = useLooksOn();
  const { runs } = useStore(feed.list);
  const views = useStore(savedViews);
  const openRun = useSummary(route ? route.run : null);
  return [
    ...(openRun && !looksOn ? entriesOfRun(openRun, { navigate, onCancel }) : []),
    ...screensFor(looksOn).map(({ href, label, keys }): Entry => {
      return { id: href, group: 'Go to', label, hint: keys, act: () => navigate(href) };
    }),
    { id: 'archive', group: 'Go to', label: 'Archive', act: () => navigate('/?archived=true') },
    ...views.map((view): Entry => {
      return { id: `view ${view.id}`, group: 'Views', label: view.name, act: () => navigate(addressOfView(view)) };
    }),
    ...inOrder([...runs.values()], null, 0).map(({ id, name, taskId, state, openRequests }): Entry => {
      const hint = openRequests > 0 ? 'Waiting for you' : STATE_WORDS[state];
      return { id, group: 'Runs', label: name, words: `${id} ${taskId}`, hint, act: () => navigate(`/runs/${id}`) };
    }),
    ...THEMES.map((theme): Entry => {
      return { id: `theme ${theme}`, group: 'Page', label: `Theme: ${theme}`, act: () => setTheme(theme) };
    }),
    { id: 'keyboard', group: 'Page', label: 'Show the keyboard map', hint: '?', act: onKeyboardMap },
  ];
}
