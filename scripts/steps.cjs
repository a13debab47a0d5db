// Runs steps of a check one after the other, shows how each went, and stops at the first that fails.
'use strict';
const { spawnSync } = require('child_process');
const path = require('path');
const setup = require('./setup.cjs');

const bin = path.join(setup.root, 'node_modules', '.bin');
// Everything runs on the pinned Node, which comes first on the path.
const env = Object.assign({}, process.env, { PATH: `${bin}${path.delimiter}${process.env.PATH}` });

/** Runs a program of node_modules/.bin; its output is shown when it fails, or at once with `show`. */
function step(name, command, options) {
  const { show = false, cwd = setup.root } = options || {};
  const start = Date.now();
  const result = spawnSync(command[0], command.slice(1), {
    cwd,
    env,
    encoding: 'utf8',
    stdio: show ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    maxBuffer: 256 * 1024 * 1024,
  });
  const seconds = ((Date.now() - start) / 1000).toFixed(1);
  const isGood = result.status === 0;
  if (!isGood && !show) process.stdout.write(`${result.stdout || ''}${result.stderr || ''}`);
  process.stdout.write(`${isGood ? 'ok  ' : 'FAIL'} ${name} (${seconds} s)\n`);
  if (result.error) process.stdout.write(`     ${result.error.message}\n`);
  if (!isGood) process.exit(1);
}

module.exports = { step };
