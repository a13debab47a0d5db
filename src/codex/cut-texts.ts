import type { RunEventBody } from '../contract/event.ts';
import { sizeOf } from '../contract/event-size.ts';

/** How large an event of Codex may be, roughly in characters: what a tool answers, say, is as large as its server likes. */
const MAX_SIZE = 8 * 1024 * 1024;
/** How much is left of each text in one that is larger, in characters: half of it is its beginning, half its end. */
const MAX_TEXT = 64 * 1024;

/**
 * The event with its long texts cut, where it would be too large for a journal; where that does not help, a notice of what
 * Codex had told by this `method`.
 */
export function cutTexts(event: RunEventBody, method: string): RunEventBody {
  if (sizeOf(event) <= MAX_SIZE) return event;
  const shorter = cut(event) as RunEventBody;
  if (sizeOf(shorter) <= MAX_SIZE) return shorter;
  const message = `Codex told something that is too large for a journal (${method}); it is left out`;
  return { type: 'notice', level: 'warning', message };
}

function cut(value: unknown): unknown {
  if (typeof value === 'string') return cutText(value);
  if (Array.isArray(value)) return value.map(cut);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, cut(each)]));
}

function cutText(text: string): string {
  if (text.length <= MAX_TEXT) return text;
  const left = text.length - MAX_TEXT;
  return `${text.slice(0, MAX_TEXT / 2)}\n[${left} characters are left out here]\n${text.slice(-MAX_TEXT / 2)}`;
}
