import { keep, readKept, renameKept } from '../design/kept.ts';
import { toasts } from '../design/toast.ts';
import { Store } from '../live/store.ts';
import { isViews, type SavedView, withView } from './views.ts';

const KEY = 'optio-codex.views';
/** What it was called before, without saying whose it is. */
const OLD_KEY = 'views';
const read = () => readKept<readonly SavedView[]>(KEY, [], isViews);

renameKept(OLD_KEY, KEY);

/** The views that were saved in this browser, in whichever tab. */
export const savedViews = new Store<readonly SavedView[]>(read());
addEventListener('storage', ({ key }) => {
  if (key === KEY || key === null) savedViews.set(read());
});

export function saveView(view: SavedView): void {
  // Another tab may have saved one just now.
  write(withView(read(), view));
}

export function removeView(view: SavedView): void {
  write(read().filter(({ id }) => id !== view.id));
}

function write(views: readonly SavedView[]): void {
  savedViews.set(views);
  if (!keep(KEY, views)) toasts.failed('The view is not kept', new Error('This browser keeps nothing for the page.'));
}
