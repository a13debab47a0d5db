// `npm run bench`: every benchmark, or the ones named: `npm run bench -- start`.
'use strict';
const fs = require('fs');
const path = require('path');
const setup = require('./setup.cjs');
const { step } = require('./steps.cjs');

setup.setUpDevelopment();
const folder = path.join(setup.root, 'bench');
const named = process.argv.slice(2);
const names = fs
  .readdirSync(folder)
  .filter((file) => fs.readFileSync(path.join(folder, file), 'utf8').includes('printRatio('))
  .map((file) => file.replace(/\.ts$/, ''))
  .filter((name) => name !== 'measure' && (named.length === 0 || named.includes(name)));
for (const name of names) step(name, ['node', '--expose-gc', path.join('bench', `${name}.ts`)], { show: true });
