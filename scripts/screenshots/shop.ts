import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The project on which the runs of the pictures work: a shop that rounds its prices wrongly. */
const FILES: Readonly<Record<string, string>> = {
  'README.md': '# shop\n\nPrices, carts and orders. `npm test` checks them.\n',
  'package.json': '{\n  "name": "shop",\n  "type": "module",\n  "scripts": { "test": "node --test" }\n}\n',
  'src/price.js': `/** What a cart costs with tax, in cents. */
export function total(items, rate) {
  const net = items.reduce((sum, item) => sum + item.price * item.count, 0);
  return Math.floor(net * (1 + rate));
}

/** A price as people read it. */
export function format(cents) {
  return (cents / 100).toFixed(2);
}
`,
  'src/cart.js': `import { total } from './price.js';

export class Cart {
  items = [];

  add(item, count = 1) {
    this.items.push({ ...item, count });
  }

  total(rate = 0.19) {
    return total(this.items, rate);
  }
}
`,
  'test/price.test.js': `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { format, total } from '../src/price.js';

test('adds the tax', () => {
  assert.equal(total([{ price: 1000, count: 2 }], 0.19), 2380);
});

test('rounds half a cent up', () => {
  assert.equal(total([{ price: 250, count: 1 }], 0.19), 298);
});

test('writes two decimals', () => {
  assert.equal(format(990), '9.90');
});
`,
  'docs/prices.md': '# Prices\n\nAll prices are kept in cents.\n',
};

/** Makes the project at this place, as a git repository with one commit. */
export function makeShop(directory: string): void {
  for (const [path, content] of Object.entries(FILES)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), content);
  }
  const git = (...argv: string[]) => execFileSync('git', argv, { cwd: directory, stdio: 'ignore' });
  git('init', '--initial-branch=main');
  git('add', '.');
  git('-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', 'commit', '--message=Sell things');
}

/** What mends the rounding. */
export const ROUND_UP = `*** Begin Patch
*** Update File: src/price.js
@@
   const net = items.reduce((sum, item) => sum + item.price * item.count, 0);
-  return Math.floor(net * (1 + rate));
+  // Half a cent goes up; a product that binary fractions put just below it does too.
+  return Math.round(net * (1 + rate) + Number.EPSILON * net);
 }
*** Update File: docs/prices.md
@@
 All prices are kept in cents.
+
+Tax is added to the whole cart, and half a cent is rounded up.
*** End Patch`;

/** What gives the cart a discount. */
export const DISCOUNT = `*** Begin Patch
*** Update File: src/cart.js
@@
 export class Cart {
   items = [];
+  #discount = 0;
+
+  /** Takes so much off the price of everything, from 0 to 1. */
+  discount(part) {
+    if (!(part >= 0 && part <= 1)) throw new RangeError('a discount is between 0 and 1');
+    this.#discount = part;
+  }
@@
   total(rate = 0.19) {
-    return total(this.items, rate);
+    return Math.round(total(this.items, rate) * (1 - this.#discount));
   }
*** End Patch`;
