import type { RunEvent } from '../contract/event.ts';
import { toMarkdown } from '../contract/markdown.ts';
import type { ExportFormat, RunHandle } from '../contract/run-handle.ts';
import { OptioError } from '../errors.ts';
import { viewOf } from './history.ts';

export interface ExportSource extends Pick<RunHandle, 'details'> {
  /** What its journal holds by now. */
  readonly past: () => AsyncIterable<RunEvent>;
}

/**
 * A run as a document, in pieces; see `RunHandle.export`. As JSON it is `{ run, events }`, of which there is never more in
 * memory than a page of the journal. Throws `invalid-input` for another format, and `not-found`.
 */
export async function* exportRun({ details, past }: ExportSource, format: ExportFormat): AsyncIterable<string> {
  if (format === 'md') {
    const run = await details();
    yield* toMarkdown(run, await viewOf(past()));
  } else if (format === 'json') {
    yield `{"run":${JSON.stringify(await details())},"events":[`;
    let before = '\n';
    for await (const event of past()) {
      yield `${before}${JSON.stringify(event)}`;
      before = ',\n';
    }
    yield '\n]}\n';
  } else {
    throw new OptioError('invalid-input', `format: there is no format "${format}"`, {
      field: 'format',
      remedy: 'Say "md" for a document, or "json" for everything.',
    });
  }
}
