import { expect, it } from 'vitest';
import { pause, say, think } from '../../../src/testing/index.ts';
import { until } from '../../support/processes.ts';
import { servePlace } from '../server/served.ts';
import { open } from './browser.ts';
import { launch } from './runs.ts';

const BEGIN = Array.from({ length: 60 }, (_, at) => `- point ${at}`).join('\n');

it('stays at the end of what is said, but not while something there is pressed', async () => {
  const pressed = Promise.withResolvers<void>();
  const script = [
    think('**Deep thoughts**\n\nThey go further.'),
    pause(pressed.promise),
    say(`${BEGIN}\n`, { chunk: 12, everyMs: 20 }),
  ];
  const place = await servePlace(script);
  const { page, goTo } = await open(place);
  await goTo(`/runs/${await launch(place, 'Talk.', { reasoningEffort: 'low' })}`);
  const thoughts = page.getByRole('button', { name: /Deep thoughts/ });
  await thoughts.waitFor();
  const { x, y, height } = (await thoughts.boundingBox()) ?? expect.fail('there is no such button');
  await page.mouse.move(x + 5, y + height / 2);
  await page.mouse.down();
  pressed.resolve();
  await page.getByText('point 50').waitFor({ state: 'attached' });
  await page.mouse.up();
  expect(await thoughts.getAttribute('aria-expanded')).toBe('true');
  await until(() => page.getByText('point 59').isVisible(), 'the end to be seen');
});

it('stays at the end when what is below takes room from it', async () => {
  const place = await servePlace([say(BEGIN)]);
  const { page, goTo } = await open(place);
  await goTo(`/runs/${await launch(place, 'Talk.', { endRule: 'told' })}`);
  const end = page.getByRole('article', { name: 'End of the turn' });
  const isAtEnd = async () => {
    const [row, box] = [await end.boundingBox(), await page.getByLabel('What happened').boundingBox()];
    return row !== null && box !== null && row.y + row.height / 2 <= box.y + box.height;
  };
  await end.waitFor();
  await until(isAtEnd, 'the end of the turn to be seen');
  const box = page.getByRole('textbox', { name: 'Message' });
  const low = (await box.boundingBox())?.height ?? 0;
  await box.fill('a line\n'.repeat(12));
  await until(async () => ((await box.boundingBox())?.height ?? 0) > low + 100, 'a box that has grown');
  await until(isAtEnd, 'the end above a long message');
  expect(await page.getByRole('button', { name: 'To the end' }).count()).toBe(0);
});
