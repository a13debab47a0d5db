import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { callTool, type ModelRequest, say } from '../../../src/testing/index.ts';
import { until } from '../../support/processes.ts';
import { servePlace } from '../server/served.ts';
import { open } from './browser.ts';
import { launch, outcomeOf, viewOf } from './runs.ts';

const MCP_SERVER = join(import.meta.dirname, '../../fakes/mcp-server.ts');

/** The card of a request that waits, by its title. */
function cardIn(page: Page, title: string) {
  return page.getByRole('article', { name: title, exact: true }).and(page.locator('[data-open=true]'));
}

const press = (page: Page, title: string, button: string | RegExp) =>
  cardIn(page, title).getByRole('button', { name: button }).click();

const COMMAND = 'May this command run?';
/** The buttons have their keys in their names. */
const [ALLOW, FOR_SESSION, STOP] = [/^Allow a$/, /^Allow for this session/, /^Deny and stop the turn/];

/** What the tab says of requests that wait: in its title, and by its sign, which is a file while none does. */
async function saidByTab(page: Page): Promise<{ readonly count: string; readonly isMarked: boolean }> {
  const icon = await page.locator('link[rel=icon]').getAttribute('href');
  return { count: /^\(\d+\)/.exec(await page.title())?.[0] ?? '', isMarked: icon?.startsWith('data:') ?? false };
}

const untilTabSays = (page: Page, count: string) =>
  until(async () => {
    const said = await saidByTab(page);
    return said.count === count && said.isMarked === (count !== '');
  }, `a tab that says "${count}"`);

/** Of an element, in a browser. */
const ligaturesOf = new Function('element', 'return getComputedStyle(element).fontVariantLigatures') as () => string;

describe('a request in its run', () => {
  it('shows all that one has to know of a command, waits through a reload, and runs it when it is allowed', async () => {
    const place = await servePlace(undefined);
    const run = await launch(place, '!escalate touch made -- It has to be made.\n!say It is made.');
    const { page, goTo } = await open(place);
    await goTo(`/runs/${run}`);
    const look = async () => {
      const card = cardIn(page, COMMAND);
      await card.waitFor();
      for (const part of [
        'touch made',
        'It has to be made.',
        place.workspace,
        'the workspace',
        'outside of the sandbox',
      ])
        await card.getByText(part).first().waitFor();
      await untilTabSays(page, '(1)');
    };
    await look();
    await page.reload();
    await look();
    expect(existsSync(join(place.workspace, 'made'))).toBe(false);
    await press(page, COMMAND, ALLOW);
    await page.getByText(/^Allowed by /).waitFor();
    await page.getByText('It is made.', { exact: true }).first().waitFor();
    expect(existsSync(join(place.workspace, 'made'))).toBe(true);
    await untilTabSays(page, '');
  });

  it('is asked once about the same command that is allowed for the session', async () => {
    const place = await servePlace(undefined);
    const { page, goTo } = await open(place);
    const prompt = '!run touch a\n!run touch a\n!run touch b\n!say done';
    const run = await launch(place, prompt, { approvalPolicy: 'untrusted' });
    await goTo(`/runs/${run}`);
    await press(page, COMMAND, FOR_SESSION);
    await cardIn(page, COMMAND).filter({ hasText: 'touch b' }).waitFor();
    await page.getByText(/^Allowed for this session by /).waitFor();
    await press(page, COMMAND, ALLOW);
    await outcomeOf(place, run);
    expect(Object.values((await viewOf(place, run)).requests)).toHaveLength(2);
  });

  it('is denied, and the turn goes on; or is denied with the turn', async () => {
    const place = await servePlace(undefined);
    const { page, goTo } = await open(place);
    const denied = await launch(place, '!escalate touch one\n!say Done without it.');
    await goTo(`/runs/${denied}`);
    await cardIn(page, COMMAND).getByRole('button', { name: 'Say why not …' }).click();
    const why = page.getByLabel(/^Why not/);
    await why.press('Escape');
    await why.waitFor({ state: 'detached' });
    const opener = cardIn(page, COMMAND).getByRole('button', { name: 'Say why not …' });
    await until(() => opener.evaluate((one) => one === one.ownerDocument.activeElement), 'a focus that has come back');
    expect(await page.getByText('Escape once more interrupts the turn').count()).toBe(0);
    await opener.click();
    await why.fill('One is enough.');
    await why.press('Enter');
    await page.getByText('Done without it.', { exact: true }).first().waitFor();
    await page.getByText(/^Denied by /).waitFor();
    await page.getByText('One is enough.').waitFor();
    const stopped = await launch(place, '!escalate touch two\u202e # \u200b\n!say Never said.');
    await goTo(`/runs/${stopped}`);
    await cardIn(page, COMMAND).getByText('touch two⟨U+202E⟩ # ⟨U+200B⟩').waitFor();
    await press(page, COMMAND, STOP);
    await page.getByText(/^Denied, and the turn was stopped, by /).waitFor();
    await page.getByText('Interrupted', { exact: true }).first().waitFor();
    expect(await page.getByText('Never said.', { exact: true }).count()).toBe(0);
    expect(['one', 'two'].filter((name) => existsSync(join(place.workspace, name)))).toEqual([]);
  });

  it('is answered by keys wherever one is on the screen of its run, but not where one types', async () => {
    const place = await servePlace(undefined);
    const { page, goTo } = await open(place);
    const run = await launch(place, '!escalate touch one\n!escalate touch two\n!ask Which colour? | red\n!say done');
    await goTo(`/runs/${run}`);
    const isOpen = async (text: string) => (await cardIn(page, COMMAND).filter({ hasText: text }).count()) === 1;
    await until(() => isOpen('touch one'), 'the first request');
    await page.getByLabel('Message', { exact: true }).fill('');
    await page.keyboard.type('a');
    expect(await page.getByLabel('Message', { exact: true }).inputValue()).toBe('a');
    await page.getByRole('region', { name: 'What happened' }).focus();
    /** A key that comes too soon after the request is not meant, so it is pressed until one is. */
    const answer = (key: string, said: string) =>
      until(async () => {
        const isTold = (await page.getByText(said).count()) > 0;
        if (!isTold) await page.keyboard.press(key);
        return isTold;
      }, said);
    await answer('a', 'Allowed by owner.');
    await until(() => isOpen('touch two'), 'the second request');
    await answer('d', 'Denied by owner.');
    const asked = cardIn(page, 'Codex has a question');
    await asked.waitFor();
    await page.keyboard.press('r');
    await until(() => asked.evaluate((card) => card === card.ownerDocument.activeElement), 'a focus on the question');
    await page.keyboard.press('a'); // no answer to a question
    await press(page, 'Codex has a question', 'Leave it to Codex');
    await outcomeOf(place, run);
    const given = Object.values((await viewOf(place, run)).requests).map(({ answer }) => answer);
    expect(given.slice(0, 2)).toEqual([
      { kind: 'decision', behavior: 'allow' },
      { kind: 'decision', behavior: 'deny' },
    ]);
    expect(given[2]).toMatchObject({ kind: 'answers' });
  });

  it('shows what would be changed in a file', async () => {
    const place = await servePlace(undefined);
    const { page, goTo } = await open(place);
    writeFileSync(join(place.workspace, 'poem.txt'), 'roses are red\nviolets are green\n');
    const patch =
      '*** Begin Patch\n*** Update File: poem.txt\n@@\n-violets are green\n+violets are blue\n*** End Patch';
    const run = await launch(place, `!patch\n${patch}\n!say done`, { approvalPolicy: 'untrusted' });
    await goTo(`/runs/${run}`);
    const card = cardIn(page, 'May this file be changed?');
    await card.getByText('poem.txt').first().waitFor();
    for (const line of ['violets are green', 'violets are blue']) await card.getByText(line).first().waitFor();
    // What one approves is drawn as it stands: no "≠" for "!=".
    const ligatures = await card.getByText('violets are blue').first().evaluate(ligaturesOf);
    expect(ligatures).toBe('none');
    await card.getByRole('button', { name: ALLOW }).click();
    expect(await outcomeOf(place, run)).toMatchObject({ status: 'done' });
    await page.getByText(/^Allowed by /).waitFor();
  });

  it('is a question with its choices, whose answer Codex gets', async () => {
    const place = await servePlace(undefined);
    const { page, goTo } = await open(place);
    const run = await launch(place, '!ask Which colour? | red | green\n!say done');
    await goTo(`/runs/${run}`);
    const card = cardIn(page, 'Codex has a question');
    await card.getByRole('button', { name: 'Answer' }).click();
    await card.getByRole('alert').waitFor();
    await card.getByRole('radio', { name: 'green' }).check();
    await card.getByRole('button', { name: 'Answer' }).click();
    await page.getByText(/^Answered by /).waitFor();
    await outcomeOf(place, run);
    expect(place.model.requests.at(-1)?.outputs.join()).toContain('green');
  });

  it('is the form of an MCP server, which is checked before it is sent', async () => {
    const place = await servePlace(callForm());
    mkdirSync(join(place.home, '.codex'));
    const args = JSON.stringify([MCP_SERVER]);
    writeFileSync(
      join(place.home, '.codex', 'config.toml'),
      `[mcp_servers.test]\ncommand = ${JSON.stringify(process.execPath)}\nargs = ${args}\n`,
    );
    const { page, goTo } = await open(place);
    const run = await launch(place, 'Call it.', { useConfig: ['mcp:test'] });
    await goTo(`/runs/${run}`);
    await press(page, 'May form of test be called?', ALLOW);
    const card = cardIn(page, 'test asks you');
    await card.getByText('Who are you?').waitFor();
    await card.getByRole('button', { name: 'Send' }).click();
    await card.getByRole('alert').waitFor();
    await card.getByLabel('name').fill('Ada');
    await card.getByRole('button', { name: 'Send' }).click();
    await page.getByText(/^Filled in by /).waitFor();
    await outcomeOf(place, run);
    expect(place.model.requests.at(-1)?.outputs.join()).toContain('accept: Ada');
  });
});

it('answers the requests of several runs from one list, by keyboard alone', async () => {
  const place = await servePlace(undefined);
  const { page } = await open(place);
  const first = await launch(place, '!escalate touch one\n!say done', { name: 'The first' });
  await page.getByRole('link', { name: '1 wait for you' }).waitFor();
  const second = await launch(place, '!escalate touch two\n!say done', { name: 'The second' });
  await page.getByRole('link', { name: '2 wait for you' }).waitFor();
  await page.keyboard.press('g');
  await page.keyboard.press('i');
  await page.getByText('2 wait for an answer').waitFor();
  await page.keyboard.press('?');
  const map = page.getByRole('dialog', { name: 'Keyboard' });
  for (const label of ['Next request', 'Previous request', 'Allow', 'Allow for this session', 'Deny'])
    await map.getByText(label, { exact: true }).waitFor();
  await page.keyboard.press('Escape');
  await map.waitFor({ state: 'detached' });
  await page.keyboard.press('j');
  await page.keyboard.press('d');
  await page.getByText(/^Denied by /).waitFor();
  await page.getByText('1 waits for an answer').waitFor();
  await page.keyboard.press('j');
  await page.keyboard.press('a');
  await page.getByText(/^Allowed by /).waitFor();
  await page.getByText('nothing waits any more').waitFor();
  const outcomes = await Promise.all([first, second].map((run) => outcomeOf(place, run)));
  expect(outcomes).toMatchObject([{ status: 'done' }, { status: 'done', workspace: { changes: [{ path: 'two' }] } }]);
  expect(['one', 'two'].filter((name) => existsSync(join(place.workspace, name)))).toEqual(['two']);
});

/** Calls the tool `form` once it is offered; until then it makes Codex come back, since the server takes a moment to start. */
function callForm() {
  let isCalled = false;
  return ({ body }: ModelRequest) => {
    if (isCalled) return [say('done')];
    for (const { name, type, ...rest } of body.tools ?? []) {
      const { tools = [] } = rest as { readonly tools?: readonly { readonly name: string }[] };
      const inner = type === 'namespace' && name?.includes('test') && tools.find((tool) => tool.name.endsWith('form'));
      if (!inner) continue;
      isCalled = true;
      return [callTool(inner.name, {}, name)];
    }
    return [callTool('exec_command', { cmd: 'sleep 0.2' })];
  };
}
