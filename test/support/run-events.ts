import type { RunEvent, RunEventBody } from '../../src/contract/event.ts';
import type { Request } from '../../src/contract/request.ts';

export const SESSION_STARTED = {
  type: 'session.started',
  threadId: 'thread-1',
  isResumed: false,
  codexVersion: '0.169.0',
  model: 'scripted',
  login: 'no key, for the scripted model',
  workspace: { path: '/repo/space', kind: 'fresh' },
  sandbox: {
    mode: 'workspace-write',
    isolation: 'standard',
    network: false,
    profile: 'locked',
    approvalPolicy: 'on-request',
  },
} as const satisfies RunEventBody;

export const COMMAND_REQUEST = {
  kind: 'command',
  id: 'r1',
  threadId: 'thread-1',
  turnId: 't1',
  itemId: 'i1',
  sandboxed: 'no',
  command: 'ls',
  cwd: '/repo/space',
} as const satisfies Request;

/** Puts events into a journal. */
export function numbered(...bodies: readonly RunEventBody[]): RunEvent[] {
  return bodies.map((body, index) => ({ seq: index + 1, at: '2026-11-22T10:00:00.000Z', ...body }));
}
