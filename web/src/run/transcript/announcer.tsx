import type { Row } from './row.ts';

/** How far back it is looked for what was said last. */
const RECENT = 50;

/** Reads out what comes by itself, for whoever does not see it: what Codex has said, and that it asks. */
export function Announcer({ rows }: { readonly rows: readonly Row[] }) {
  return (
    <p className="visually-hidden" aria-live="polite">
      {newsIn(rows)}
    </p>
  );
}

function newsIn(rows: readonly Row[]): string {
  for (const row of rows.slice(-RECENT).toReversed()) {
    if (row.kind === 'request' && row.entry.state === 'open') return 'Codex waits for an answer.';
    if (row.kind === 'end') return `The run is ${row.outcome.status}.`;
    if (row.kind === 'item' && row.item.kind === 'agentMessage' && !row.isOpen)
      return `Codex: ${row.item.text.slice(0, 500)}`;
  }
  return '';
}
