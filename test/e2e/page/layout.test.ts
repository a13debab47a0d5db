import { expect, it } from 'vitest';
import { servePlace } from '../server/served.ts';
import { open } from './browser.ts';
import { launch } from './runs.ts';

it.each([1280, 1024])(
  'leaves a button of a run whole beside a name without a space, %i wide',
  {
    timeout: 120_000,
  },
  async (width) => {
    const place = await servePlace(undefined);
    const id = await launch(place, '!say hello', { name: `L${'o'.repeat(180)}ng` });
    const { page, goTo } = await open(place, place.url, { viewport: { width, height: 800 } });
    await goTo(`/runs/${id}`);
    const pause = page.getByRole('button', { name: 'Pause', exact: true });
    await pause.waitFor();
  expect((await pause.boundingBox())?.height).toBe(32);
  },
);

/** On which side of its element a text stands. */
const SIDE = `(element) => {
  const range = document.createRange();
  range.selectNodeContents(element);
  return range.getBoundingClientRect().left - element.getBoundingClientRect().left > 40 ? 'right' : 'left';
}`;

it('lays out what is written from right to left from the right, and code from the left', {
  timeout: 120_000,
}, async () => {
  const place = await servePlace(undefined);
  const say = (text: string) => `!say ${text}`;
  const script = [
    say('مرحبا بالعالم `ls -l` اليوم.'),
    say('- عنصر أول'),
    say('```\nكود\n```'.replaceAll('\n', '\\n')),
    say('plain words'),
  ];
  const id = await launch(place, script.join('\n'), { endRule: 'firstTurn', autoStart: true });
  const { page, goTo } = await open(place);
  await goTo(`/runs/${id}`);
  await page.getByRole('article', { name: 'Codex', exact: true }).getByText('plain words').waitFor();
  const side = (text: string) => page.getByRole('article', { name: 'Codex', exact: true }).getByText(text).evaluate(SIDE);
  expect([await side('مرحبا'), await side('عنصر'), await side('plain words')]).toEqual(['right', 'right', 'left']);
});
