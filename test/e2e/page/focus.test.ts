import { expect, it } from 'vitest';
import { OptioClient } from '../../../src/client/index.ts';
import { servePlace } from '../server/served.ts';
import { open } from './browser.ts';

it('keeps the focus in a row that is scrolled out of sight', { timeout: 120_000 }, async () => {
  const place = await servePlace(undefined);
  await using api = new OptioClient({ url: place.url, token: place.token });
  const long = Array.from({ length: 60 }, (_, at) => `!say Paragraph ${at}.${' It goes on.'.repeat(60)}`);
  const run = await api.run({
    instructions: ['!say The first.', ...long, '!say The last.'].join('\n'),
    workspace: { fresh: true },
    provider: { baseUrl: place.model.url },
    model: 'scripted',
    endRule: 'firstTurn',
  });
  await run.outcome;
  const { page, goTo } = await open(place);
  await page.getByText('Connected').waitFor(); // whoever leaves before that is not let in yet
  await goTo(`/runs/${run.id}`);
  await page.getByText('The last.').last().waitFor();
  const scroller = page.getByRole('region', { name: 'What happened' });
  const scrollTo = (top: number) => scroller.evaluate((element, to) => element.scrollTo({ top: to }), top);
  // The row of the prompt has all of it.
  const rowOf = (text: string) => page.locator('[data-row]').filter({ hasText: text, hasNotText: '!say' });
  const focused = page.locator('[data-row]:focus-within');
  // While the rows above are measured, the one that is meant may leave the screen once more: it is found and focused at once.
  const focusesAtTop = () =>
    page.evaluate<boolean>(`(() => {
      const scroller = document.querySelector('section[aria-label="What happened"]');
      scroller.scrollTo({ top: 0 });
      const rows = [...scroller.querySelectorAll('[data-row]')].map((row) => [row, row.textContent]);
      const [row] = rows.find(([, text]) => text.includes('Paragraph 3.') && !text.includes('!say')) ?? [];
      row?.querySelector('a[aria-label="Link to this"]').focus();
      return row?.contains(document.activeElement) === true;
    })()`);
  await expect.poll(focusesAtTop).toBe(true);
  const key = await focused.getAttribute('data-row');
  await scrollTo(1e7);
  await rowOf('The last.').waitFor();
  await expect.poll(() => rowOf('Paragraph 5.').count()).toBe(0);
  expect(await focused.getAttribute('data-row')).toBe(key);
});
