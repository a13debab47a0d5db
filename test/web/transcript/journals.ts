import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunEvent, RunEventBody } from '../../../src/contract/event.ts';
import { RunRecord } from '../../../web/src/live/run-record.ts';
import type { Row } from '../../../web/src/run/transcript/row.ts';
import { Rows } from '../../../web/src/run/transcript/rows.ts';

/** A journal that the real Codex has written. */
export function realJournal(name: string): RunEvent[] {
  return JSON.parse(readFileSync(join(import.meta.dirname, '../../contract/journals', `${name}.json`), 'utf8'));
}

/** Events one after the other, numbered, a second apart. */
export function journalOf(...bodies: RunEventBody[]): RunEvent[] {
  return bodies.map((body, at) => ({
    ...body,
    seq: at + 1,
    at: new Date(Date.UTC(2026, 0, 1, 10, 0, at)).toISOString(),
  }));
}

export function recordOf(events: readonly RunEvent[]): RunRecord {
  const record = new RunRecord('run-1');
  for (const event of events) record.apply(structuredClone(event));
  return record;
}

/** The rows of a journal, with these unfolded. */
export function rowsOf(events: readonly RunEvent[], ...unfolded: string[]): Row[] {
  return new Rows(recordOf(events), (key) => unfolded.includes(key)).all(0);
}

/** What each row is, in a word or two. */
export function inShort(rows: readonly Row[]): string[] {
  return rows.map((row) => {
    const indent = '>'.repeat(row.depth);
    if (row.kind === 'item') return `${indent}${row.item.kind}`;
    if (row.kind === 'mark') return `${indent}mark ${row.mark.kind}`;
    if (row.kind === 'turnEnd') return `${indent}end of turn: ${row.turn.status}`;
    if (row.kind === 'request') return `${indent}request ${row.entry.state}`;
    return `${indent}${row.kind}`;
  });
}
