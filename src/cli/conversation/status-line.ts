import type { Style } from '../terminal/style.ts';
import { count, duration, oneLine } from '../terminal/text.ts';
import { columnsOf, cutToColumns } from '../terminal/word-wrap.ts';
import type { RunStatus } from './run-status.ts';

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
/** How long each is shown, in milliseconds. */
export const FRAME_MS = 100;
const MAX_MODEL = 40;

export interface StatusOptions {
  readonly status: RunStatus;
  /** What Codex does just now, in words. */
  readonly activity: string;
  /** Which request is asked, and of how many; null when none is. */
  readonly asked: { readonly position: number; readonly open: number } | null;
  /** Messages that Codex does not have yet. */
  readonly unsent: number;
  /** What the person should know next: it comes first. */
  readonly hint: string | undefined;
  readonly width: number;
  /** In milliseconds since 1970. */
  readonly now: number;
  readonly style: Style;
}

/** The line that says where a run stands; what matters least is left out where there is no room. */
export function statusLine(options: StatusOptions): string {
  const { status, unsent, width, now, style, hint } = options;
  const { model, effort, tokens, startedAt } = status;
  const { queue, queuePause } = status.queue;
  const [look, first] = describe(options);
  const parts = [
    ...(hint ? [hint] : []),
    ...(unsent > 0 ? [`${unsent} ${unsent === 1 ? 'message' : 'messages'} on the way`] : []),
    ...(queue.length > 0 ? [`${queue.length} queued${queuePause ? ', held: /resume' : ''}`] : []),
    ...(model ? [oneLine(effort ? `${model} ${effort}` : model, MAX_MODEL)] : []),
    ...(tokens > 0 ? [`${count(tokens)} tokens`] : []),
    ...(startedAt === null ? [] : [elapsed(now - startedAt)]),
  ];
  const room = width - 1; // a line that fills its row would be broken by some terminals
  const head = cutToColumns(first, room);
  let rest = '';
  for (const part of parts) {
    if (columnsOf(head) + columnsOf(rest) + columnsOf(part) + 3 > room) break;
    rest += ` · ${part}`;
  }
  return look(head) + style.quiet(rest);
}

function describe({ status, activity, asked, now, style }: StatusOptions): [(text: string) => string, string] {
  const frame = FRAMES[Math.floor(now / FRAME_MS) % FRAMES.length];
  if (status.state === 'cancelling') return [style.warn, `${frame} stopping codex`];
  if (status.isEnding) return [style.quiet, `${frame} clearing up`];
  if (asked) {
    const which = asked.open > 1 ? ` (${asked.position} of ${asked.open})` : '';
    return [style.warn, `? waiting for you${which}`];
  }
  if (status.isTurning) return [style.command, `${frame} ${activity}`];
  switch (status.state) {
    case 'scheduled':
      return [style.quiet, `${frame} waiting for its turn to begin`];
    case 'starting':
      return [style.quiet, `${frame} starting codex`];
    case 'paused':
      return [style.warn, '‖ paused: /resume goes on'];
    case 'running':
      return [style.good, '● waiting for your message'];
    default:
      return [style.quiet, status.state];
  }
}

/** Whole seconds: tenths would only flicker. */
function elapsed(ms: number): string {
  return ms < 60_000 ? `${Math.max(0, Math.floor(ms / 1000))} s` : duration(ms);
}
