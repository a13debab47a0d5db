import axe from 'axe-core';
import { expect, it } from 'vitest';
import { escalate } from '../../../src/testing/index.ts';
import { servePlace } from '../server/served.ts';
import { open } from './browser.ts';

const SCREENS = { '/': 'Runs', '/new': 'New run', '/requests': 'Requests', '/tasks': 'Tasks', '/settings': 'Settings' };

it.each(['light', 'dark'] as const)(
  'has nothing on its screens that shuts somebody out, when it is %s',
  async (colorScheme) => {
    const place = await servePlace(() => [escalate('touch made')]);
    const { page, goTo } = await open(place, place.url, { colorScheme });
    const response = await fetch(`${place.url}/api/runs`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${place.token}`,
        'content-type': 'application/json',
        'idempotency-key': 'asks',
      },
      body: JSON.stringify({
        spec: {
          instructions: 'Ask.',
          workspace: { fresh: true },
          provider: { baseUrl: place.model.url },
          model: 'scripted',
          permissionGate: true,
        },
      }),
    });
    const { id } = (await response.json()) as { readonly id: string };
    const found: string[] = [];
    const examine = async (screen: string) => {
      await page.evaluate(axe.source);
      const { violations } = await page.evaluate(() => (globalThis as unknown as { axe: typeof axe }).axe.run());
      for (const { id: rule, impact, nodes } of violations)
        if (impact === 'serious' || impact === 'critical')
          found.push(`${screen}: ${rule} at ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
    };
    await goTo(`/runs/${id}`);
    await page
      .getByRole('button', { name: /^Allow/ })
      .first()
      .waitFor();
    await examine('a run');
    for (const [path, heading] of Object.entries(SCREENS)) {
      await goTo(path);
      await page.getByRole('heading', { name: heading, exact: true }).first().waitFor();
      await examine(heading);
    }
    expect(found).toEqual([]);
  },
);
