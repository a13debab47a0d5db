// Makes a checkout ready to run or to be tested, under whatever Node runs this file: old syntax on purpose.
'use strict';
const { spawnSync } = require('child_process');
const { createHash } = require('crypto');
const fs = require('fs');
const path = require('path');

const root = path.resolve(__dirname, '..');
const manifest = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
const modules = path.join(root, 'node_modules');

/** Installs what `npm start` needs: the dependencies and the pinned Node. Development tools that are there stay. */
function setUpRun() {
  if (readStamp(root).purpose === 'development') return setUpDevelopment();
  const pinned = manifest.devDependencies.node;
  install(
    root,
    'run',
    ['--omit=dev', `pinned-node@npm:node@${pinned}`],
    `codex ${manifest.dependencies['@openai/codex']} and Node ${pinned}, about 550 MB on disk`,
  );
}

/** Installs the development tools as well. */
function setUpDevelopment() {
  install(root, 'development', [], 'codex, Node and the development tools, about 800 MB on disk');
}

/** Installs what the page is made of and with. */
function setUpPage() {
  install(path.join(root, 'web'), 'page', [], 'what the page is built with, about 140 MB on disk');
}

/** Installs what only the tests need: the oldest codex that we support. */
function setUpTests() {
  setUpDevelopment();
  install(
    path.join(root, 'test', 'binaries'),
    'tests',
    [],
    'the oldest supported codex, for the tests, about 300 MB on disk',
  );
}

/** The pinned Node, which everything of ours runs on. */
function nodeBinary() {
  return path.join(modules, '.bin', process.platform === 'win32' ? 'node.cmd' : 'node');
}

function install(folder, purpose, extra, what) {
  const wanted = fingerprint(folder);
  if (isReady(folder, wanted, purpose)) return;
  const args = ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'].concat(extra);
  let failed;
  withLock(path.join(folder, '.optio-setup.lock'), () => {
    if (isReady(folder, wanted, purpose)) return;
    process.stderr.write(`optio-codex: fetching ${what} (once) …\n`);
    const result = npm(args, folder);
    if (result.status === 0) fs.writeFileSync(stampOf(folder), JSON.stringify({ fingerprint: wanted, purpose }));
    else failed = result;
  });
  // Once the lock is free: whoever gets our pid next would be waited for.
  if (failed) fail(`npm ${args.join(' ')} failed`, failed);
}

/** True when this very lock file was installed already, for this purpose or for one that includes it. */
function isReady(folder, wanted, purpose) {
  const seen = readStamp(folder);
  return seen.fingerprint === wanted && (seen.purpose === purpose || seen.purpose === 'development');
}

/** What was installed last, and for which purpose. */
function readStamp(folder) {
  try {
    return JSON.parse(fs.readFileSync(stampOf(folder), 'utf8'));
  } catch (_) {
    return {};
  }
}

function stampOf(folder) {
  return path.join(folder, 'node_modules', '.optio-setup.json');
}

function fingerprint(folder) {
  return createHash('sha256')
    .update(fs.readFileSync(path.join(folder, 'package.json')))
    .update(fs.readFileSync(path.join(folder, 'package-lock.json')))
    .digest('hex');
}

/** npm as it was called for this script; else the one on PATH. Its output is shown only when it fails. */
function npm(args, cwd) {
  const cli = process.env.npm_execpath;
  const env = Object.assign({}, process.env, { OPTIO_CODEX_SETUP: '1' });
  const options = { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 64 * 1024 * 1024 };
  return cli && /\.c?js$/.test(cli)
    ? spawnSync(process.execPath, [cli].concat(args), options)
    : spawnSync('npm', args, Object.assign({ shell: process.platform === 'win32' }, options));
}

/** Two `npm start` at once must not install into one another: the second waits for the first. */
function withLock(file, work) {
  const mine = `${file}.${process.pid}`;
  fs.writeFileSync(mine, String(process.pid));
  let isTold = false;
  try {
    while (!tryLink(mine, file)) {
      const owner = Number(readOr(file, String(process.pid)));
      if (!isAlive(owner)) {
        fs.rmSync(file, { force: true });
        continue;
      }
      if (!isTold) process.stderr.write(`optio-codex: waiting for the set-up of pid ${owner} (or delete ${file}) …\n`);
      isTold = true;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
    }
  } finally {
    fs.rmSync(mine, { force: true });
  }
  try {
    work();
  } finally {
    fs.rmSync(file, { force: true });
  }
}

/** A link appears whole or not at all, so nobody ever reads a lock without its owner. */
function tryLink(from, to) {
  try {
    fs.linkSync(from, to);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    return false;
  }
}

function isAlive(pid) {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function readOr(file, fallback) {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (_) {
    return fallback;
  }
}

function fail(message, result) {
  process.stderr.write(
    `${result.stdout || ''}${result.stderr || ''}\noptio-codex: ${message}. Is the npm registry reachable?\n`,
  );
  process.exit(1);
}

module.exports = { root, manifest, nodeBinary, withLock, setUpRun, setUpDevelopment, setUpTests, setUpPage };
