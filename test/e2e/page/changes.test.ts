import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { until } from '../../support/processes.ts';
import { writeInto } from '../../support/repository.ts';
import { servePlace } from '../server/served.ts';
import { open } from './browser.ts';
import { ask, launch, outcomeOf } from './runs.ts';

it('what commands change is seen with its lines while the run goes on, and stays as it was at the end', async () => {
  const place = await servePlace(undefined);
  const file = (name: string) => join(place.workspace, name);
  writeInto(place.workspace, 'config.ini', 'one\ntwo\nthree\n');
  writeInto(place.workspace, 'old.txt', 'the same\n');
  const waits = (name: string) => `until [ -e ${name} ]; do sleep 0.05; done`;
  const run = await launch(
    place,
    [
      '!run sed -i s/two/2/ config.ini && mv old.txt new.txt && touch first.done',
      `!run ${waits('second.go')} && echo four >> config.ini && rm first.done second.go && touch second.done`,
      `!run ${waits('third.go')} && rm second.done third.go`,
      '!say done',
    ].join('\n'),
    { permissionGate: false, endRule: 'firstTurn' },
  );
  const { page, goTo } = await open(place);
  await goTo(`/runs/${run}`);
  await page.getByRole('tab', { name: 'Changes' }).click();
  await until(() => existsSync(file('first.done')), 'the first command');

  // Live, without anybody pressing anything: the second command waits.
  const row = page.locator('summary', { hasText: 'config.ini' });
  await row.getByText('+1').waitFor();
  await page.getByText('old.txt → new.txt').waitFor();
  await row.click();
  const diff = page.getByRole('figure', { name: 'Changes of config.ini' });
  await diff.getByText('two', { exact: true }).waitFor();

  // What is unfolded stays so, and its lines are the new ones.
  writeFileSync(file('second.go'), '');
  await row.getByText('+2').waitFor();
  await diff.getByText('four', { exact: true }).waitFor();

  // A button looks at once at what no event has told of.
  writeInto(place.workspace, 'by-hand.txt', 'by hand\n');
  await page.getByRole('button', { name: 'Look again' }).click();
  await page.locator('summary', { hasText: 'by-hand.txt' }).waitFor();

  writeFileSync(file('third.go'), '');
  await outcomeOf(place, run);
  await page.getByRole('button', { name: 'Look again' }).waitFor({ state: 'detached' });
  writeInto(place.workspace, 'config.ini', 'later\n');
  await page.reload();
  await page.getByRole('tab', { name: 'Changes' }).click();
  await row.getByText('+2').waitFor();
  await row.click();
  await diff.getByText('four', { exact: true }).waitFor();
  const section = page.locator('section', { has: page.getByRole('heading', { name: 'Different from the start' }) });
  expect(await section.getByText('.done').count()).toBe(0);

  await page.getByText('By turn', { exact: true }).click();
  await page.getByText('No turn has patched a file.').waitFor();
  expect(await ask<{ readonly at: string }>(place, `/api/runs/${run}/changes`)).toMatchObject({ at: 'end' });
});
