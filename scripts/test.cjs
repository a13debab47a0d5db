// `npm test`: sets up what the tests need, then proves everything. `--fast` leaves out what needs the real codex.
'use strict';
const { spawnSync } = require('child_process');
const setup = require('./setup.cjs');
const { step } = require('./steps.cjs');
const { check } = require('./check.cjs');

/** Programs that the tests drive, with the Debian packages that bring them. */
const PROGRAMS = {
  git: 'git',
  tmux: 'tmux',
  curl: 'curl',
  openssl: 'openssl',
  nginx: 'nginx-light',
  chromium: 'chromium',
};

const isFast = process.argv.includes('--fast');
const rest = process.argv.slice(2).filter((argument) => argument !== '--fast');

if (isFast) {
  setup.setUpDevelopment();
  setup.setUpPage();
} else {
  setup.setUpTests();
  installPrograms();
}
if (!isFast) step('what earlier tests have left', ['node', 'scripts/remove-left-behind.ts'], { show: true });
if (rest.length === 0) check();
else if (!isFast) step('page', ['node', 'scripts/page.cjs']);
step('tests', ['vitest', 'run'].concat(isFast ? ['--project', 'fast'] : [], rest), { show: true });

function installPrograms() {
  const missing = Object.keys(PROGRAMS).filter((program) => !exists(program));
  if (missing.length === 0) return;
  const packages = missing.map((program) => PROGRAMS[program]);
  const canInstall = process.getuid && process.getuid() === 0 && exists('apt-get');
  if (!canInstall) stopWithout(missing, `install ${packages.join(' ')} first`);
  process.stderr.write(`optio-codex: installing ${packages.join(' ')} (once) …\n`);
  const options = { encoding: 'utf8', env: Object.assign({}, process.env, { DEBIAN_FRONTEND: 'noninteractive' }) };
  let result = spawnSync('apt-get', ['install', '-y', '-q'].concat(packages), options);
  if (result.status !== 0) {
    spawnSync('apt-get', ['update', '-q'], options);
    result = spawnSync('apt-get', ['install', '-y', '-q'].concat(packages), options);
  }
  if (result.status === 0) return;
  const said = result.error ? result.error.message : result.stderr || result.stdout;
  stopWithout(missing, `apt-get failed (exit code ${result.status})\n${said}`);
}

/** Many tests drive these programs, so that a run without them would prove little. */
function stopWithout(missing, why) {
  process.stderr.write(`optio-codex: the tests need ${missing.join(', ')}: ${why.trimEnd()}\n`);
  process.exit(1);
}

function exists(program) {
  // A person's PATH need not have what only a service is made for.
  return spawnSync('sh', ['-c', `PATH="$PATH:/usr/sbin" command -v ${program}`]).status === 0;
}
