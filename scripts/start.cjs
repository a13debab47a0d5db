// `npm start -- …`: sets up what a run needs, then runs the command line on the pinned Node.
'use strict';
const { spawn, spawnSync } = require('child_process');
const path = require('path');
const setup = require('./setup.cjs');

setup.setUpRun();
buildPage();
const main = path.join(setup.root, 'src', 'cli', 'main.ts');
// `npm start` runs scripts in the package's folder; the person means the one they called it from.
const cwd = process.env.INIT_CWD || process.cwd();
// Without a command it is the server.
const given = process.argv.length > 2 ? process.argv.slice(2) : ['serve'];
const child = spawn(setup.nodeBinary(), [main].concat(given), {
  cwd,
  stdio: 'inherit',
  env: Object.assign({}, process.env, { OPTIO_CODEX_CALLED_AS: 'npm start --' }),
});

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    // A terminal sends Ctrl-C to the whole group, so the child has it already; npm repeats it to us.
    if (signal === 'SIGINT' && process.stdin.isTTY) return;
    child.kill(signal);
  });
}
child.on('error', (error) => {
  process.stderr.write(`optio-codex: cannot start Node (${error.message}). Delete node_modules and try again.\n`);
  process.exit(1);
});
// 130 says that somebody called it off; any other signal is a failure.
child.on('exit', (code, signal) => process.exit(signal ? (/^SIG(INT|TERM|HUP)$/.test(signal) ? 130 : 1) : code));

/** On the pinned Node, since whatever runs this file may be too old for what builds it. */
function buildPage() {
  const script = path.join(setup.root, 'scripts', 'page.cjs');
  const built = spawnSync(setup.nodeBinary(), [script], { cwd: setup.root, stdio: ['ignore', 'ignore', 'inherit'] });
  if (built.status !== 0) process.exit(built.status || 1);
}
