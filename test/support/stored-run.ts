import type { RunEvent, RunEventBody } from '../../src/contract/event.ts';

/** Numbers what happened, from the number after `after`. */
export function numbered(bodies: readonly RunEventBody[], after = 0): RunEvent[] {
  return bodies.map((body, index) => ({ seq: after + index + 1, at: '2026-11-24T10:00:00.000Z', ...body }));
}

export function notice(message: string): RunEventBody {
  return { type: 'notice', level: 'info', message };
}
