import type { IncomingMessage } from 'node:http';
import { invalidInput } from './http-error.ts';

/** The number of the last event that a reader has, where it comes back to a stream. Throws `invalid-input`. */
export function lastEventId({ headers }: IncomingMessage): number | undefined {
  const id = headers['last-event-id'];
  if (id === undefined || id === '') return undefined;
  if (typeof id === 'string' && /^\d{1,15}$/.test(id)) return Number(id);
  throw invalidInput(
    'Last-Event-ID',
    `${JSON.stringify(String(id).slice(0, 50))} is not the number of an event`,
    'Give the `id` of the last event that was read.',
  );
}
