import { expect, it } from 'vitest';
import { servePlace } from '../server/served.ts';
import { open } from './browser.ts';
import { faultsOf } from './faults.ts';
import { ask, launch, outcomeOf, scripted } from './runs.ts';

/** Something of each kind that a transcript shows. */
const MUCH = [
  '!think **Looking around** first.',
  '!plan x Look | * Write | Tell',
  '!run printf "\\033[31mred\\033[0m and \\033[32mgreen\\033[0m\\n"; ls nothing-there',
  '!write notes.txt some text',
  '!say # Done \n',
  '!say Look at `notes.txt`, [the pages](https://example.org), and **this**: | a | b |',
].join('\n');

it('has nothing on its screens that shuts somebody out, be it light or dark', { timeout: 420_000 }, async () => {
  const place = await servePlace(undefined);
  const { page, goTo } = await open(place, place.url, { colorScheme: 'light', reducedMotion: 'reduce' });
  const found: string[] = [];
  const examine = async (screen: string) => {
    found.push(...(await faultsOf(page, screen)));
    await page.emulateMedia({ colorScheme: 'dark' });
    found.push(...(await faultsOf(page, `${screen}, dark`, ['color-contrast'])));
    await page.emulateMedia({ colorScheme: 'light' });
  };
  const heading = (name: string) => page.getByRole('heading', { name, exact: true }).first().waitFor();

  for (const [path, title, empty] of [
    ['/', 'Runs', 'Nothing runs yet'],
    ['/requests', 'Requests', 'Nothing waits for you.'],
    ['/tasks', 'Tasks', 'No tasks yet'],
    ['/seeds', 'Seeds', 'No login is saved yet'],
  ] as const) {
    await goTo(path);
    await heading(title);
    await page.getByText(empty).waitFor();
    await examine(`${title}, empty`);
  }

  const config = scripted(place, 'Look into {{folder}}.', { autoStart: true, endRule: 'firstTurn' });
  await ask(place, '/api/tasks/nightly', { id: 'nightly', name: 'Nightly', config, schedule: '0 6 * * 1-5' }, 'PUT');
  await ask(place, '/api/tokens', { name: 'Ada', role: 'viewer' });
  await ask(place, '/api/seeds/nightly', { id: 'nightly', apiKey: 'sk-of-nobody', pool: 'batch' }, 'PUT');
  const done = await launch(place, MUCH, { name: 'Much' });
  const asks = await launch(place, '!escalate touch made\n!say done', { name: 'Asks' });
  const wonders = await launch(place, '!ask Which colour? | red | green\n!say done', { name: 'Wonders' });
  await outcomeOf(place, done);

  await goTo(`/runs/${done}`);
  await page.getByText('This run is over.').waitFor();
  await examine('a run that has ended');
  for (const name of ['Changes', 'Plan', 'Files', 'Details']) {
    const opener = page.getByRole('button', { name: 'Show changes, plan, files and details' });
    if (await opener.isVisible()) await opener.click();
    await page.getByRole('tab', { name }).click();
    await page.getByRole('tabpanel', { name }).waitFor();
    await examine(`${name} of a run`);
    if (name !== 'Files') continue;
    const files = page.getByRole('region', { name: 'Files', exact: true });
    await files.getByText('notes.txt').first().click();
    await page.getByRole('region', { name: 'notes.txt', exact: true }).waitFor();
    await examine('a file');
  }

  await goTo(`/runs/${wonders}`);
  await page.getByRole('article', { name: 'Codex has a question' }).waitFor();
  await page.getByRole('button', { name: 'Answer', exact: true }).click();
  await examine('a question that still needs its answer');
  await goTo(`/runs/${asks}`);
  await page.getByRole('button', { name: /^Allow a$/ }).waitFor();
  await examine('a run that asks');
  for (const [item, role, dialog] of [
    ['Change the budget …', 'dialog', 'Budget'],
    ['Cancel …', 'alertdialog', 'Cancel “Asks”?'],
  ] as const) {
    await page.getByRole('button', { name: 'More to do with this run' }).click();
    await page.getByRole('menuitem', { name: item }).waitFor();
    await examine('the menu of a run');
    await page.getByRole('menuitem', { name: item }).click();
    await page.getByRole(role, { name: dialog }).waitFor();
    await examine(dialog);
    await page.keyboard.press('Escape');
    await page.getByRole(role).waitFor({ state: 'detached' });
  }
  for (const tab of ['Plan', 'Files', 'Log', 'Details']) {
    await page.getByRole('tab', { name: tab }).click();
    await page.getByRole('tabpanel', { name: tab }).waitFor();
    await examine(`the panel ${tab} of a run`);
  }
  await page.getByRole('button', { name: 'Find' }).click();
  await page.getByLabel('Find in the transcript').fill('made');
  await examine('the search in a transcript');

  for (const text of ['First.', 'Second.']) {
    await page.getByLabel('Message', { exact: true }).fill(text);
    await page.getByRole('button', { name: 'Queue', exact: true }).click();
  }
  await page.getByRole('button', { name: 'Change: Second.' }).click();
  await page.getByLabel('Change the message').waitFor();
  await examine('a queue in which something is changed');
  await page.getByRole('button', { name: 'Finish' }).click();
  await page.getByRole('alertdialog').waitFor();
  await examine('the question before a run is finished');
  await page.keyboard.press('Escape');

  for (const [path, title, shown] of [
    ['/', 'Runs', 'Wonders'],
    ['/new', 'New run', 'Workspace'],
    ['/requests', 'Requests', '2 wait for an answer'],
    ['/tasks', 'Tasks', 'Nightly'],
    ['/tasks/nightly', 'Nightly', 'Definition'],
    ['/seeds', 'Seeds', 'A key of OpenAI’s'],
    ['/settings', 'Settings', 'Ada'],
    ['/?archived=true', 'Archive', 'Archive'],
    ['/?search=notes.txt&in=said', 'Runs', 'Said in 1 run'],
  ] as const) {
    await goTo(path);
    await heading(title);
    await page.getByText(shown).first().waitFor();
    await examine(title);
  }
  await goTo('/seeds');
  await page.getByRole('button', { name: 'Add a login' }).click();
  for (const way of ['ChatGPT, by a code', 'ChatGPT, in a browser', 'API key', 'auth.json']) {
    await page.getByRole('radio', { name: way }).check();
    await examine(`a login to be added: ${way}`);
  }
  await page.getByRole('button', { name: 'Save the login' }).click();
  await page.getByText('Give it a name.').waitFor();
  await examine('a login that lacks something');
  await page.keyboard.press('Escape');
  for (const [item, role] of [
    ['Give another key …', 'dialog'],
    ['Remove …', 'alertdialog'],
  ] as const) {
    await page.getByRole('button', { name: 'More to do with nightly' }).click();
    await page.getByRole('menuitem', { name: item }).click();
    await page.getByRole(role).waitFor();
    await examine(item);
    await page.keyboard.press('Escape');
    await page.getByRole(role).waitFor({ state: 'detached' });
  }
  await goTo('/new');
  await page.getByRole('radio', { name: 'A pool' }).check();
  await page.getByRole('combobox', { name: 'Pool' }).waitFor();
  await examine('the login of a new run');
  await goTo('/?search=Much');
  await page.getByRole('button', { name: 'Save as a view' }).click();
  await page.getByRole('dialog', { name: 'Save as a view' }).getByLabel('Name').fill('Of much');
  await examine('the name of a view');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('navigation', { name: 'Saved views' }).getByText('Of much').waitFor();
  await examine('saved views');
  await goTo('/');
  await page.getByRole('checkbox', { name: 'Select Much' }).check();
  await examine('a selection of runs');
  await page.getByRole('button', { name: 'Delete 1' }).click();
  await page.getByRole('button', { name: 'Undo' }).waitFor();
  await examine('something that can be undone');
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog', { name: 'Commands' }).waitFor();
  await examine('the palette');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
  await examine('the map of the keyboard');
  await page.keyboard.press('Escape');
  await page.evaluate(`history.pushState(null, '', '/nowhere')`);
  await heading('There is nothing here');
  await examine('not found');
  await page.context().clearCookies();
  await goTo('/');
  await page.getByLabel('Token').fill('no token');
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('alert').waitFor();
  await examine('the login');
  expect(found).toEqual([]);
});
