// `npm run screenshots`: a picture of every screen of the page, of real runs, in both themes, into docs/images/page.
'use strict';
const path = require('path');
const setup = require('./setup.cjs');
const { step } = require('./steps.cjs');

setup.setUpDevelopment();
step('page', ['node', path.join('scripts', 'page.cjs')]);
step('screenshots', ['node', path.join('scripts', 'screenshots', 'take.ts')].concat(process.argv.slice(2)), {
  show: true,
});
