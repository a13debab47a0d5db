import { activityOfRequest } from '../../../src/contract/activity.ts';
import type { OpenRequest } from '../../../src/contract/run-summary.ts';
import type { RunList } from '../../../src/contract/run-update.ts';
import { Store } from '../live/store.ts';

/** Whether this browser tells of requests: `denied` when its user has forbidden that, `unable` when it cannot. */
export type Notifying = 'on' | 'off' | 'denied' | 'unable';

const KEY = 'notifications';

export const notifying = new Store<Notifying>(readState());

/** Asks the user of the browser, who has to have pressed something just now, and remembers that. */
export async function turnNotificationsOn(): Promise<void> {
  if (readState() !== 'unable' && (await Notification.requestPermission()) === 'granted') {
    localStorage.setItem(KEY, 'on');
  }
  notifying.set(readState());
}

export function turnNotificationsOff(): void {
  localStorage.removeItem(KEY);
  notifying.set(readState());
}

/** Shows what one would be told; `onOpen` is called when it is pressed. Throws what the browser throws. */
export function notify(title: string, body: string, tag: string, onOpen: () => void): void {
  // Of several tabs the last one's takes the place of the others'.
  const notification = new Notification(title, { body, tag, icon: './icon.svg' });
  notification.onclick = () => {
    window.focus();
    notification.close();
    onOpen();
  };
}

/** Which requests are new since it was asked last. The first time none is: they were there before. */
export class Newcomers {
  #known: ReadonlySet<string> | undefined;

  of(list: Pick<RunList, 'requests'>): OpenRequest[] {
    const before = this.#known;
    this.#known = new Set(list.requests.keys());
    if (!before) return [];
    return [...list.requests].flatMap(([key, opened]) => (before.has(key) ? [] : [opened]));
  }
}

/** What a request is about, in a line. */
export function requestInWords({ request }: OpenRequest): string {
  const words = activityOfRequest(request, undefined).replace(/^waiting: /, '');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function readState(): Notifying {
  if (typeof Notification === 'undefined') return 'unable';
  if (Notification.permission === 'denied') return 'denied';
  return Notification.permission === 'granted' && localStorage.getItem(KEY) === 'on' ? 'on' : 'off';
}
