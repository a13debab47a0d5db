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

function readState(): Notifying {
  if (typeof Notification === 'undefined') return 'unable';
  if (Notification.permission === 'denied') return 'denied';
  return Notification.permission === 'granted' && localStorage.getItem(KEY) === 'on' ? 'on' : 'off';
}
