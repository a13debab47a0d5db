import type { RunEvent } from '../../../src/contract/event.ts';
import { Store } from './store.ts';

export type LogLevel = 'info' | 'progress' | 'warning' | 'error';

/** Something that a run, or what works on it, has told people beside what Codex did. */
export interface LogLine {
  readonly seq: number;
  readonly at: string;
  readonly level: LogLevel;
  readonly text: string;
  /** What to do about it. */
  readonly remedy: string | null;
}

/** At least so many of the newest lines are kept for whoever looks on; the journal has all of them. */
const MAX_LINES = 5_000;

/** The log of the run that is open. */
export class Log {
  /** The number of the event that has made the last line. */
  readonly told = new Store(0);
  #lines: LogLine[] = [];

  /** As they are now: it grows in place. */
  get lines(): readonly LogLine[] {
    return this.#lines;
  }

  /** Takes one more event in, where it is something for the log. */
  add(event: RunEvent): void {
    const line = lineOf(event);
    if (!line) return;
    this.#lines.push(line);
    if (this.#lines.length > 2 * MAX_LINES) this.#lines = this.#lines.slice(-MAX_LINES);
    this.told.set(event.seq);
  }

  clear(): void {
    this.#lines = [];
    this.told.set(0);
  }
}

function lineOf(event: RunEvent): LogLine | null {
  const { seq, at } = event;
  const line = (level: LogLevel, text: string, remedy: string | null = null) => ({ seq, at, level, text, remedy });
  switch (event.type) {
    case 'notice':
      return line(event.level, event.message, event.remedy ?? null);
    case 'progress': {
      const { percent, message } = event;
      const text = [percent === null ? null : `${Math.round(percent)} %`, message]
        .filter((part) => part !== null)
        .join(' · ');
      return text === '' ? null : line('progress', text);
    }
    case 'run.state':
      return line('info', event.pause ? `${event.state}: ${event.pause.message}` : event.state);
    case 'turn.retrying':
      return line('warning', event.message);
    case 'session.ended':
      return event.error ? line('error', event.error.message, event.error.remedy ?? null) : null;
    case 'run.ended': {
      const { status, error } = event.outcome;
      return line(error ? 'error' : 'info', error ? `${status}: ${error.message}` : status, error?.remedy ?? null);
    }
    default:
      return null;
  }
}

/** The lines that one wants to see: of these levels (all when there are none), with each word of the search. */
export function linesShown(lines: readonly LogLine[], levels: readonly LogLevel[], search: string): readonly LogLine[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  if (levels.length === 0 && words.length === 0) return lines;
  return lines.filter(({ level, text, remedy }) => {
    if (levels.length > 0 && !levels.includes(level)) return false;
    const whole = `${text} ${remedy ?? ''}`.toLowerCase();
    return words.every((word) => whole.includes(word));
  });
}

/** As one pastes it elsewhere. */
export function logAsText(lines: readonly LogLine[]): string {
  return lines.map(({ at, level, text, remedy }) => `${at} ${level} ${text}${remedy ? ` (${remedy})` : ''}\n`).join('');
}
