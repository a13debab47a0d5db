import { expect, test } from 'vitest';
import type { FoundPage, SearchQuery } from '../../../src/contract/search.ts';
import { OptioError } from '../../../src/errors.ts';
import { addressOf } from '../../../web/src/search/found-places.ts';
import { TextSearch } from '../../../web/src/search/text-search.ts';
import { summaryOf } from '../../support/run-summary.ts';

const run = (id: string) => ({ run: summaryOf({ id }), texts: [], more: 0 });

/** A server that gives these pages one after the other; `null` is one that fails. */
function serverWith(pages: readonly (readonly string[] | null)[]) {
  const asked: (string | undefined)[] = [];
  const search = async ({ cursor }: SearchQuery): Promise<FoundPage> => {
    asked.push(cursor);
    const at = Number(cursor ?? 0);
    const page = pages[at];
    if (!page) throw new OptioError('store-failed', 'the disk is gone');
    return { found: page.map(run), next: at + 1 < pages.length ? String(at + 1) : null, isBehind: at === 0 };
  };
  return { asked, search: new TextSearch(search, { text: 'needle' }) };
}

test('it looks further back by itself until something is found, and then when it is told to', async () => {
  const { search, asked } = serverWith([[], [], ['a', 'b'], ['c'], []]);
  await Promise.all([search.more(), search.more()]);
  const idsOf = () => search.state.value.found.map((one) => one.run.id);
  expect([idsOf(), asked, search.state.value.hasMore]).toEqual([['a', 'b'], [undefined, '1', '2'], true]);
  await search.more();
  expect([idsOf(), search.state.value.hasMore]).toEqual([['a', 'b', 'c'], true]);
  await search.more();
  await search.more();
  expect([idsOf(), search.state.value.hasMore, asked.length]).toEqual([['a', 'b', 'c'], false, 5]);
});

test('it does not look on for ever, nor for nobody', async () => {
  const endless = Array.from({ length: 100 }, () => []);
  const { search, asked } = serverWith(endless);
  await search.more();
  expect([asked.length, search.state.value]).toMatchObject([8, { hasMore: true, isLoading: false }]);
  const left = serverWith(endless);
  const looking = left.search.more();
  left.search.stop();
  await looking;
  expect(left.asked).toHaveLength(1);
});

test('what does not come is told, and can be tried again from there', async () => {
  const pages: (readonly string[] | null)[] = [['a'], null];
  const { search, asked } = serverWith(pages);
  await search.more();
  expect(search.state.value).toMatchObject({ isBehind: true, problem: null });
  await search.more();
  expect(search.state.value).toMatchObject({ problem: { code: 'store-failed' }, hasMore: true, isLoading: false });
  pages[1] = ['b'];
  await search.more();
  expect(search.state.value).toMatchObject({ problem: null, hasMore: false, found: [{}, { run: { id: 'b' } }] });
  expect(asked).toEqual([undefined, '1', '1']);
});

test('each text has the address of the row that shows it', () => {
  const nowhere = { turnId: null, itemId: null, requestId: null, messageId: null };
  const text = { kind: 'answer', seq: 7, at: '', snippet: '', from: 0, to: 0, ...nowhere } as const;
  const placeOf = (more: object) =>
    addressOf('run-1', 'a&b', { ...text, ...more }).replace('/runs/run-1?find=a%26b', '');
  expect(placeOf({})).toBe('#item-event%2F7');
  expect(placeOf({ turnId: 't', itemId: 'i', messageId: 'm' })).toBe('#item-t%2Fi');
  expect(placeOf({ turnId: 't', requestId: 'q' })).toBe('#item-q');
  expect(placeOf({ messageId: 'm' })).toBe('#item-message%2Fm');
  expect(placeOf({ kind: 'error', turnId: 't' })).toBe('#item-t%2Fend');
  expect(placeOf({ kind: 'plan', turnId: 't' })).toBe('#item-event%2F7');
});
