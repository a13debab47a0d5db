// Runs when npm installs this package from a directory or from git, and before it is packed: dist/ is not in git.
'use strict';
const fs = require('fs');
const path = require('path');

const root = path.resolve(__dirname, '..');
const canBuild = fs.existsSync(path.join(root, 'node_modules', '.bin', 'tsc'));
// `npm start` and `npm test` install for themselves, and run from the sources.
if (canBuild && !process.env.OPTIO_CODEX_SETUP) require('./build.cjs');
