import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/contract/event.ts';
import type { ExportFormat } from '../../src/contract/run-handle.ts';
import { exportRun } from '../../src/engine/run-export.ts';
import { OptioError } from '../../src/errors.ts';
import { failureOf } from '../support/failure.ts';
import { makeDetails } from '../support/run-details.ts';
import { notice, numbered } from '../support/stored-run.ts';

async function textOf(pieces: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const piece of pieces) text += piece;
  return text;
}

async function* past(events: readonly RunEvent[]): AsyncIterable<RunEvent> {
  yield* events;
}

const details = async () => makeDetails();

describe('the export of a run', () => {
  it('as JSON is all that is known of it, and all that happened', async () => {
    const events = numbered([notice('one'), notice('two')]);
    const text = await textOf(exportRun({ details, past: () => past(events) }, 'json'));
    expect(JSON.parse(text)).toEqual({ run: makeDetails(), events });
    const empty = await textOf(exportRun({ details, past: () => past([]) }, 'json'));
    expect(JSON.parse(empty)).toEqual({ run: makeDetails(), events: [] });
  });

  it('as JSON reads no more of the journal than is taken', async () => {
    let read = 0;
    async function* endless(): AsyncIterable<RunEvent> {
      for (;;) yield* numbered([notice('again')], read++);
    }
    const pieces = exportRun({ details, past: endless }, 'json')[Symbol.asyncIterator]();
    for (let count = 0; count < 4; count++) await pieces.next(); // what it is, and three events
    expect(read).toBe(3);
    await pieces.return?.();
  });

  it('as Markdown is a document', async () => {
    const text = await textOf(exportRun({ details, past: () => past(numbered([notice('Look.')])) }, 'md'));
    expect(text).toMatch(/^# Do it\n[\s\S]*## Notices\n\n- info: Look\.\n/);
  });

  it('is refused in another format, and of a run that is not there', async () => {
    const source = { details, past: () => past([]) };
    expect(await failureOf(textOf(exportRun(source, 'pdf' as ExportFormat)))).toMatchObject({
      code: 'invalid-input',
      details: { field: 'format' },
    });
    const gone = async () => {
      throw new OptioError('not-found', 'there is no run');
    };
    for (const format of ['md', 'json'] as const) {
      expect(await failureOf(textOf(exportRun({ ...source, details: gone }, format)))).toMatchObject({
        code: 'not-found',
      });
    }
  });
});
