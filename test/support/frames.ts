import type { RunEvent } from '../../src/contract/event.ts';
import { numbered } from './run-events.ts';

/** The frame of an event, as the server sends it. */
export function frame(event: RunEvent): string {
  return `id: ${event.seq}\ndata: ${JSON.stringify(event)}\n\n`;
}

export const END = 'event: end\ndata: {}\n\n';

export function cut(code: string, message: string): string {
  return `event: cut\ndata: ${JSON.stringify({ code, message, after: 0 })}\n\n`;
}

/** The journal of a run that has ended: so many notices with characters of several bytes, and the end. */
export function journalOf(notices: number): RunEvent[] {
  const texts = Array.from({ length: notices }, (_, index) => `${'ü€😀'.repeat(3)} ${index}`);
  const usage = { total: 0, input: 0, cached: 0, output: 0, reasoning: 0 };
  return numbered(...texts.map((message) => ({ type: 'notice', level: 'info', message }) as const), {
    type: 'run.ended',
    outcome: { status: 'done', text: 'Here you are.', durationMs: 1, usage, turns: 1 },
  });
}
