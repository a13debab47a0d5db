import type { RunEventBody } from '../../src/contract/event.ts';
import type { Item } from '../../src/contract/item.ts';
import type { Store, TextQuery } from '../../src/store/store.ts';
import { numbered } from './stored-run.ts';

export const turnId = 'turn-1';
export const completed = (item: Item): RunEventBody => ({ type: 'item.completed', turnId, item });
export const said = (id: string, text: string) => completed({ kind: 'agentMessage', id, text });
export const delta = (itemId: string, text: string): RunEventBody => ({
  type: 'item.delta',
  turnId,
  itemId,
  part: 'text',
  delta: text,
});

export async function write(store: Store, runId: string, bodies: readonly RunEventBody[]): Promise<void> {
  const run = (await store.runs.find(runId)) ?? (await store.runs.add({ id: runId, taskId: 'nightly' }));
  await store.journal.append({ runId, claim: run.claim, events: numbered(bodies, run.lastSeq) });
}

/** What is found once all journals have been read, however long that takes. */
export async function findAll(store: Store, text: string, more: Partial<TextQuery> = {}) {
  for (;;) {
    const page = await store.search.find({ text, filter: {}, limit: 20, ...more });
    if (!page.isBehind) return page;
  }
}

/** The runs in which a text was found, with its snippets, in which what was found is in brackets. */
export async function marked(
  store: Store,
  text: string,
  more: Partial<TextQuery> = {},
): Promise<Record<string, string[]>> {
  const { found } = await findAll(store, text, more);
  return Object.fromEntries(
    found.map(({ entry, texts }) => [
      entry.id,
      texts.map(({ snippet, from, to }) => `${snippet.slice(0, from)}[${snippet.slice(from, to)}]${snippet.slice(to)}`),
    ]),
  );
}
