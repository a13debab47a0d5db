// Builds the page into dist/page, where something of it has changed since; fetches what it is built with.
'use strict';
const { spawnSync } = require('child_process');
const { createHash } = require('crypto');
const fs = require('fs');
const path = require('path');
const setup = require('./setup.cjs');

/** What the page is made of. */
const SOURCES = ['web', 'src/client', 'src/contract', 'src/errors.ts'];
const target = path.join(setup.root, 'dist', 'page');

/** Builds the page, unless the one that is there was made of the same. Ends the process where that fails. */
function buildPage() {
  setup.setUpPage();
  const wanted = fingerprint();
  if (readStamp() === wanted) return;
  fs.mkdirSync(path.dirname(target), { recursive: true });
  setup.withLock(path.join(setup.root, 'dist', '.optio-setup.lock'), () => {
    if (readStamp() === wanted) return;
    const made = `${target}-${process.pid}`;
    const vite = path.join(setup.root, 'web', 'node_modules', 'vite', 'bin', 'vite.js');
    const args = [vite, 'build', '--logLevel', 'error', path.join(setup.root, 'web')];
    const env = Object.assign({}, process.env, { OPTIO_PAGE_OUT: made });
    const result = spawnSync(setup.nodeBinary(), args, { env, encoding: 'utf8' });
    if (result.status !== 0) {
      fs.rmSync(made, { recursive: true, force: true });
      process.stderr.write(`${result.stdout || ''}${result.stderr || ''}\noptio-codex: the page cannot be built.\n`);
      process.exit(1);
    }
    process.stderr.write(`optio-codex: the page: ${result.stdout}`);
    fs.writeFileSync(path.join(made, '.stamp'), wanted);
    fs.rmSync(target, { recursive: true, force: true });
    fs.renameSync(made, target);
  });
}

function readStamp() {
  try {
    return fs.readFileSync(path.join(target, '.stamp'), 'utf8');
  } catch (_) {
    return '';
  }
}

function fingerprint() {
  const hash = createHash('sha256');
  for (const source of SOURCES) add(hash, path.join(setup.root, source));
  return hash.digest('hex');
}

function add(hash, file) {
  if (path.basename(file) === 'node_modules') return;
  if (fs.statSync(file).isDirectory()) {
    for (const name of fs.readdirSync(file).sort()) add(hash, path.join(file, name));
    return;
  }
  hash.update(path.relative(setup.root, file)).update(fs.readFileSync(file));
}

buildPage();
