// `npm run bench`: every benchmark but the long one, or the ones named: `npm run bench -- start kill-loop`.
'use strict';
const path = require('path');
const setup = require('./setup.cjs');
const { step } = require('./steps.cjs');

// Those of single parts come first, those of the whole last.
const USUAL = ['routing', 'journal', 'long-journal', 'readers', 'api', 'start', 'overhead', 'idle', 'page'];
const LONG = { 'kill-loop': '2,000 kills take more than an hour: npm run bench -- kill-loop' };

const named = process.argv.slice(2);
const known = USUAL.concat(Object.keys(LONG));
const unknown = named.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`there is no benchmark ${unknown.join(', ')}; there are ${known.join(', ')}\n`);
  process.exit(2);
}
setup.setUpDevelopment();
for (const name of named.length > 0 ? named : USUAL) {
  if (name === 'page') step('building the page', ['node', 'scripts/page.cjs']);
  step(name, ['node', '--expose-gc', path.join('bench', `${name}.ts`)], { show: true });
}
if (named.length === 0) for (const name of Object.keys(LONG)) process.stdout.write(`skip ${name}: ${LONG[name]}\n`);
