import { randomBytes } from 'node:crypto';

/** Names the run's private directory and its mark as well, so it is never somebody else's to choose. */
export function newRunId(): string {
  return `run-${randomBytes(8).toString('hex')}`;
}
