import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** Gives names to whatever shuts somebody out of a screen, as it is shown just now; by these rules of axe's, or by all. */
export async function faultsOf(page: Page, screen: string, rules?: readonly string[]): Promise<string[]> {
  await page.evaluate(axe.source);
  // The library of our menus puts guards around them, which hand the focus on and never keep it.
  const { violations } = await page.evaluate(
    (options) =>
      (globalThis as unknown as { axe: typeof axe }).axe.run({ exclude: '[data-base-ui-focus-guard]' }, options),
    rules === undefined ? {} : { runOnly: [...rules] },
  );
  return violations.flatMap(({ id, impact, nodes }) =>
    impact === 'serious' || impact === 'critical'
      ? [
          `${screen}: ${id} at ${nodes.map(({ target, html }) => `${target.join(' ')} (${html.slice(0, 120)})`).join(', ')}`,
        ]
      : [],
  );
}
