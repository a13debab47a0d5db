import type { WaitingCall } from '../../../src/client/index.ts';
import { Store } from './store.ts';

/** What was done here and the server does not know yet, since it does not answer: the same acts together. */
export interface WaitingActs {
  /** `Launch`, `Archive (3)`. */
  readonly label: string;
  /** Keeps them from being sent at all. Whoever has begun them is told what has become of each. */
  readonly callOff: () => void;
}

/** Knows what is sent as soon as the server answers again, so that one can see it, and call it off. */
export class Waiting {
  readonly calls = new Store<readonly WaitingCall[]>([]);

  /** To be told of each further attempt; what changes nothing is not counted. */
  add(call: WaitingCall | undefined): void {
    if (!call || call.method === 'GET' || this.calls.value.includes(call)) return;
    this.calls.set([...this.calls.value, call]);
    void call.over.then(() => this.calls.set(this.calls.value.filter((other) => other !== call)));
  }
}

/** The calls as one would name what one has done, in the order in which it was begun. */
export function actsOf(calls: readonly WaitingCall[]): WaitingActs[] {
  return [...Map.groupBy(calls, nameOf)].map(([name, same]) => ({
    label: same.length === 1 ? name : `${name} (${same.length})`,
    callOff: () => {
      for (const call of same) call.callOff();
    },
  }));
}

function nameOf({ method, path }: WaitingCall): string {
  const [, kind = '', , ...rest] = new URL(path, 'http://server').pathname.slice(1).split('/');
  return NAMES[`${method} ${[kind, ...rest.filter((_, at) => at % 2 === 0)].join('/')}`] ?? 'A change';
}

/** By the method and the path without its ids. */
const NAMES: Readonly<Record<string, string>> = {
  'POST runs': 'Launch',
  'POST demo': 'Demo',
  'POST tasks/launch': 'Launch',
  'PUT tasks': 'New task',
  'POST tasks/pause': 'Pause of a task',
  'POST tasks/resume': 'Resume of a task',
  'DELETE tasks': 'Removal of a task',
  'POST runs/messages': 'Message',
  'POST runs/queue': 'Message',
  'POST runs/interrupt': 'Interrupt',
  'PATCH runs/controls': 'Other model',
  'PATCH runs/budget': 'Other budget',
  'POST runs/requests/answer': 'Answer',
  'POST runs/retry': 'Launch once more',
  'POST runs/cancel': 'Cancel',
  'POST runs/pause': 'Pause',
  'POST runs/resume': 'Resume',
  'POST runs/finish': 'Finish',
  'POST runs/archive': 'Archive',
  'POST runs/unarchive': 'Bring back from the archive',
  'DELETE runs': 'Delete',
  'PUT runs/file': 'File',
  'PUT seeds': 'New login',
  'DELETE seeds': 'Removal of a login',
  'POST seeds/undo': 'The login before',
  'PUT seeds/config': 'Settings of a login',
  'POST seeds/verify': 'Check of a login',
  'POST seed-logins': 'Login',
  'POST seed-logins/cancel': 'End of a login',
  'POST tokens': 'New token',
  'DELETE tokens': 'Removal of a token',
};
