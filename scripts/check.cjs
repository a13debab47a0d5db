// `npm run check`: everything that can be said of the code without running it.
'use strict';
const setup = require('./setup.cjs');
const { step } = require('./steps.cjs');

function check() {
  step('page', ['node', 'scripts/page.cjs']);
  step('protocol types', ['node', 'scripts/generate-protocol.ts']);
  step('types', ['tsc', '--noEmit', '-p', '.']);
  step('types of the page', ['tsc', '--noEmit', '-p', 'web']);
  step('style', ['biome', 'ci', '--error-on-warnings', '.']);
  step('unused code', ['knip', '--no-progress']);
  step('build', ['node', 'scripts/build.cjs']);
  step('package', ['publint', '--strict']);
}

if (require.main === module) {
  setup.setUpDevelopment();
  check();
}
module.exports = { check };
