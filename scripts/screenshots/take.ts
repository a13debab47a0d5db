// Takes a picture of every screen of the page, of real runs, in both themes. To be run again when the page looks different.
// --to DIRECTORY (docs/images/page), --theme light|dark (both), --only SCREEN (all), --png (webp)
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startChromium } from '../../test/support/chromium.ts';
import { launchRuns } from './launch.ts';
import { openPlace } from './place.ts';
import { SCREENS, type Screen, THEMES, type Theme } from './screens.ts';
import { saveSeeds } from './seeds.ts';

const text = { type: 'string' } as const;
const { values } = parseArgs({ options: { to: text, theme: text, only: text, png: { type: 'boolean' } } });
const { to = join(import.meta.dirname, '../../docs/images/page'), theme, only, png: isPng = false } = values;

await using place = await openPlace();
process.stdout.write('launching the runs …\n');
const runs = await launchRuns(place);
await saveSeeds(place);
mkdirSync(to, { recursive: true });
const browser = await startChromium();
try {
  for (const shown of THEMES.filter((each) => theme === undefined || each === theme))
    for (const screen of SCREENS.filter(({ name }) => only === undefined || name === only)) await take(screen, shown);
} finally {
  await browser.close();
}

async function take({ name, path, prepare, size, isStranger = false }: Screen, colorScheme: Theme): Promise<void> {
  const viewport = size ?? { width: 1280, height: 800 };
  await using context = await browser.newContext({ viewport, colorScheme, baseURL: place.url, locale: 'en-GB' });
  if (!isStranger) await context.request.post('/api/session', { data: { token: place.token } });
  const page = await context.newPage();
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto(path(runs));
  await prepare(page);
  for (const waiting of ['Looking …', 'Fetching …', 'Sending …'])
    await page.getByText(waiting).waitFor({ state: 'detached' });
  await page.evaluate('document.fonts.ready.then(() => {})');
  const devtools = await context.newCDPSession(page);
  const shot = isPng ? ({ format: 'png' } as const) : ({ format: 'webp', quality: 88 } as const);
  const { data } = await devtools.send('Page.captureScreenshot', shot);
  const file = `${name}-${colorScheme}.${shot.format}`;
  writeFileSync(join(to, file), Buffer.from(data, 'base64'));
  process.stdout.write(`${file}\n`);
}
