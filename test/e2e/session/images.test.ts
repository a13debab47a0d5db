import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { RunEvent } from '../../../src/contract/event.ts';
import { Optio } from '../../../src/optio.ts';
import type { ScriptedModel } from '../../../src/testing/model.ts';
import { png } from '../../support/picture.ts';
import { makePlace, startRun, watchRun } from '../../support/run.ts';
import { leaveBehind } from '../../support/worker.ts';

const PICTURE = png();

/** The pictures of the last message that the model was asked with, and all texts of that. */
function seen(model: ScriptedModel): { pictures: string[]; texts: string[] } {
  const input = model.requests.at(-1)?.body.input as { role?: string; content?: Part[] }[];
  const content = input.findLast(({ role }) => role === 'user')?.content ?? [];
  return {
    pictures: content.flatMap(({ type, image_url }) => (type === 'input_image' ? [image_url ?? ''] : [])),
    texts: content.flatMap(({ text }) => text ?? []),
  };
}
type Part = { readonly type: string; readonly text?: string; readonly image_url?: string };

function shownIn(events: readonly RunEvent[]): string[][] {
  return events.flatMap((event) =>
    event.type === 'item.completed' && event.item.kind === 'userMessage' ? [event.item.images] : [],
  );
}

it('are given to the model as pictures, and told by the paths that they have in the workspace', async () => {
  const place = await makePlace();
  const handle = await startRun(place, { instructions: '', autoStart: false, endRule: 'told' });
  writeFileSync(join(place.workspace, 'shot.png'), PICTURE);
  const key = { images: ['shot.png'], idempotencyKey: 'once' };
  const turn = await handle.send('Look', key);
  await turn.completed;
  const { pictures, texts } = seen(place.model);
  expect(pictures).toEqual([`data:image/png;base64,${PICTURE.toString('base64')}`]);
  expect(texts[0]).toBe('Look');
  expect(texts.join(), 'where the workspace is').not.toContain(place.workspace);
  expect((await handle.send('Look', key)).id).toBe(turn.id);
  await expect(handle.send('Look', { idempotencyKey: 'once' })).rejects.toMatchObject({ code: 'key-reused' });
  await (await handle.send('', { images: ['shot.png'] })).completed;
  expect(seen(place.model).texts.filter((text) => !text.includes('image'))).toEqual([]);
  expect(seen(place.model).pictures).toHaveLength(1);
  await expect(handle.send('Look', { images: ['none.png'] })).rejects.toMatchObject({ code: 'not-found' });
  await handle.finish();
  const events: RunEvent[] = [];
  for await (const event of handle.events()) events.push(event);
  expect(shownIn(events)).toEqual([['shot.png'], ['shot.png']]);
  expect(
    events.filter(({ type }) => type === 'message.sent'),
    'what was refused',
  ).toHaveLength(2);
  expect(place.model.requests).toHaveLength(2);
});

it('keep the order of messages that are sent at once, of which only some have pictures', async () => {
  const place = await makePlace();
  const handle = await startRun(place, { instructions: '', autoStart: false, endRule: 'told' });
  writeFileSync(join(place.workspace, 'shot.png'), png(400, 400));
  const sent = [handle.send('One', { images: ['shot.png'] }), handle.send('Two'), handle.send('Three')];
  for (const turn of await Promise.all(sent)) await turn.completed;
  await handle.finish();
  const events: RunEvent[] = [];
  for await (const event of handle.events()) events.push(event);
  const said = ['One', 'Two', 'Three'];
  expect(events.flatMap((event) => (event.type === 'message.sent' ? [event.text] : []))).toEqual(said);
  const taken = events.flatMap((event) =>
    event.type === 'item.completed' && event.item.kind === 'userMessage' ? [event.item.text] : [],
  );
  expect(taken).toEqual(said);
});

it('go with the first message, and make a run fail that names none', async () => {
  const place = await makePlace();
  writeFileSync(join(place.workspace, 'shot.png'), PICTURE);
  const { events, outcome } = await watchRun(place, { instructions: 'Look', images: ['shot.png'] });
  expect(outcome.status).toBe('done');
  expect(seen(place.model).pictures).toHaveLength(1);
  expect(shownIn(events)).toEqual([['shot.png']]);
  writeFileSync(join(place.workspace, 'text.png'), 'text');
  const { outcome: failed } = await watchRun(place, { instructions: 'Look', images: ['text.png'] });
  expect(failed).toMatchObject({ status: 'failed', error: { code: 'invalid-input' } });
  expect(place.model.requests).toHaveLength(1);
});

it('are sent again as they were, whatever lies in their place when another process goes on', async () => {
  const place = await makePlace();
  const picture = join(place.workspace, 'shot.png');
  writeFileSync(picture, PICTURE);
  const runId = await leaveBehind(place, { instructions: 'Look', images: ['shot.png'] }, 'message.sent');
  writeFileSync(join(place.home, 'other.png'), png(3, 3));
  rmSync(picture);
  symlinkSync(join(place.home, 'other.png'), picture);
  await using optio = await Optio.open({ dataDir: place.dataDir, env: { PATH: process.env.PATH, HOME: place.home } });
  const handle = await optio.find(runId);
  expect(await handle.outcome).toMatchObject({ status: 'done' });
  expect(seen(place.model).pictures).toEqual([`data:image/png;base64,${PICTURE.toString('base64')}`]);
  const events: RunEvent[] = [];
  for await (const event of handle.events()) events.push(event);
  expect(shownIn(events)).toEqual([['shot.png']]);
});
