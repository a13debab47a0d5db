// `npm run build`: dist/, as it is published.
'use strict';
const fs = require('fs');
const path = require('path');
const setup = require('./setup.cjs');
const { step } = require('./steps.cjs');

// npm has installed what is needed when it is npm that asks.
if (process.env.npm_lifecycle_event !== 'prepare') setup.setUpDevelopment();
fs.rmSync(path.join(setup.root, 'dist'), { recursive: true, force: true });
step('protocol types', ['node', 'scripts/generate-protocol.ts']);
step('page', ['node', 'scripts/page.cjs']);
step('compile', ['tsc', '-p', 'tsconfig.build.json']);
fs.chmodSync(path.join(setup.root, 'dist', 'cli', 'main.js'), 0o755);
