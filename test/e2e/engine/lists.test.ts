import { expect, it } from 'vitest';
import { applyRunUpdate, EMPTY_RUN_LIST } from '../../../src/contract/run-update.ts';
import { addFile, escalate, say } from '../../../src/testing/index.ts';
import { until } from '../../support/processes.ts';
import { makePlace, startRun } from '../../support/run.ts';

it('a list shows what a real run does, what it waits for, and what has come of it', async () => {
  const place = await makePlace({ script: [addFile('new.txt', 'one\ntwo\n'), escalate('echo pushed'), say('Done.')] });
  const activities = new Set<string | null>();
  let list = EMPTY_RUN_LIST;
  const watching = (async () => {
    for await (const update of place.optio.watch()) {
      list = applyRunUpdate(list, update);
      for (const { digest } of list.runs.values()) activities.add(digest.activity);
    }
  })();
  const handle = await startRun(place, { instructions: 'Do it', permissionGate: true });
  await until(() => list.requests.size === 1, 'the request');
  const [opened] = list.requests.values();
  expect(list.runs.get(handle.id)).toMatchObject({
    ...{ name: 'Do it', state: 'running', openRequests: 1 },
    digest: { activity: 'waiting: approve `echo pushed`', model: 'scripted', diff: { files: 1, added: 2, removed: 0 } },
  });
  const found = await place.optio.find('@last');
  await found.answer(opened?.request.id ?? '', { kind: 'decision', behavior: 'allow' });
  const { usage, turns } = await handle.outcome;
  await until(() => list.runs.get(handle.id)?.state === 'done' && list.requests.size === 0, 'its end');
  const { runs } = await place.optio.list({ search: 'DO IT' });
  expect(runs).toEqual([list.runs.get(handle.id)]);
  expect(runs[0]?.digest).toMatchObject({
    ...{ activity: null, turns, tokens: usage.total, contextWindow: expect.any(Number) },
    ...{ contextTokens: expect.any(Number), diff: { files: 1, added: 2, removed: 0 } },
  });
  expect(await place.optio.stats()).toMatchObject({ launched: 1, turns: 1, answered: 1, watchers: 1, liveRuns: 0 });
  expect([turns, [...activities].includes('waiting: approve `echo pushed`')]).toEqual([1, true]);
  await place.optio.close();
  await watching;
});
