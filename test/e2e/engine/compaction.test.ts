import { expect, it } from 'vitest';
import { Optio } from '../../../src/optio.ts';
import { type ModelRequest, pause, say, usage } from '../../../src/testing/index.ts';
import { makePlace } from '../../support/run.ts';

const WINDOW = 20_000;
/** Longer than a message takes to show that is merely late. */
const SUMMARY_MS = 5_000;

it('a message is sent once, also when its process dies while Codex sums the thread up and shows it to nobody', async () => {
  const script = ({ userText }: ModelRequest) => {
    if (userText === 'first') return [usage({ input: 0.98 * WINDOW, output: 100 }), say('one')];
    return userText === 'second' ? [say('two')] : [pause(SUMMARY_MS), say('They have talked.')];
  };
  const place = await makePlace({ script });
  const models = [{ id: 'scripted', contextWindow: WINDOW }];
  const run = await place.optio.run({
    instructions: 'first',
    endRule: 'told',
    workspace: { directory: place.workspace },
    provider: { baseUrl: place.model.url, contextWindow: WINDOW, models },
    model: 'scripted',
  });
  for await (const event of run.events()) if (event.type === 'turn.ended') break;
  await run.send('second');
  await place.optio.close({ leave: true }); // as codex sees it, the same as a death

  await using optio = await Optio.open({ dataDir: place.dataDir, env: { PATH: process.env.PATH, HOME: place.home } });
  const again = await optio.find(run.id);
  const texts: string[] = [];
  for await (const event of again.events()) {
    if (event.type === 'item.completed' && event.item.kind === 'userMessage') texts.push(event.item.text);
    if (event.type === 'turn.ended' && texts.length > 1) await again.finish();
  }
  expect(texts).toEqual(['first', 'second']);
  expect(place.model.requests.map(({ userText }) => userText)).toEqual(['first', expect.any(String), 'second']);
  expect(await again.outcome).toMatchObject({ status: 'done', text: 'two', turns: 2 });
});
