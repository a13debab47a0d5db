import { expect, it } from 'vitest';
import { followSight } from '../../../web/src/live/sight.ts';
import { until } from '../../support/processes.ts';

/** A tab, and whether it is connected. */
function openTab(name: string, told: string[], locks: LockManager | null = navigator.locks) {
  const document = Object.assign(new EventTarget(), { visibilityState: 'visible' as DocumentVisibilityState });
  const feed = {
    start: () => void told.push(`${name} starts`),
    stop: () => void told.push(`${name} stops`),
  };
  const close = followSight(feed, {
    document: document as unknown as Document,
    locks: locks ?? undefined,
    patienceMs: 1,
  });
  const turn = (state: DocumentVisibilityState) => {
    document.visibilityState = state;
    document.dispatchEvent(new Event('visibilitychange'));
  };
  return { close, hide: () => turn('hidden'), show: () => turn('visible') };
}

it('keeps one connection for all tabs that nobody sees, and hands it on', async () => {
  const told: string[] = [];
  const [one, two] = [openTab('one', told), openTab('two', told)];
  one.hide();
  await until(() => told.length === 2, 'the first to be the listener');
  two.hide();
  await until(() => told.length === 3, 'the second to let go');
  one.show();
  await until(() => told.length === 4, 'the second to take over');
  two.show();
  one.hide();
  await until(() => told.length === 6, 'the first to listen again');
  expect(told).toEqual(['one stops', 'one starts', 'two stops', 'two starts', 'one stops', 'one starts']);
  one.close();
  two.close();
});

it('lets go of nothing when a tab is out of sight for a moment, or where tabs know nothing of each other', async () => {
  const told: string[] = [];
  const [tab, alone] = [openTab('tab', told), openTab('alone', told, null)];
  tab.hide();
  tab.show();
  alone.hide();
  const last = openTab('last', told);
  last.hide();
  await until(() => told.length === 2, 'another one to let go');
  expect(told).toEqual(['last stops', 'last starts']);
  for (const { close } of [tab, alone, last]) close();
});
