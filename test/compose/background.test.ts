import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startInBackground } from '../../src/compose/background.ts';
import { testDirectory } from '../support/directories.ts';
import { until } from '../support/processes.ts';

const STAYS = 'setInterval(() => {}, 1000);';

/** Starts a program in the place of a server, which notes its process and does this. */
function start(program: string, readyMs = 20_000) {
  const dataDir = testDirectory();
  const main = join(dataDir, 'main.cjs');
  const note = join(dataDir, 'pid');
  const says = `const say = (line) => require('fs').writeSync(3, line);`;
  writeFileSync(main, `require('fs').writeFileSync(${JSON.stringify(note)}, String(process.pid)); ${says} ${program}`);
  onTestFinished(async () => {
    // One that has hardly begun would be left for good.
    if (program.includes(STAYS))
      await until(() => existsSync(note) && readFileSync(note, 'utf8') !== '', 'its process');
    if (!existsSync(note)) return;
    try {
      process.kill(Number(readFileSync(note, 'utf8')), 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  });
  const started = startInBackground({ dataDir, env: { PATH: process.env.PATH, MINE: 'my' } }, { main, readyMs });
  return { dataDir, note, started };
}

describe('startInBackground', () => {
  it('resolves as soon as the server is ready, although it stays, and with it what it has started', async () => {
    const { dataDir, note, started } = start(`
      require('child_process').spawn('sleep', ['5'], { stdio: ['ignore', 'ignore', 'ignore', 3] });
      say(JSON.stringify({ ready: true }) + '\\n'); console.error(process.cwd(), process.env.MINE, process.env.OPTIO_CODEX_HOME, process.argv.slice(2).join(' ')); ${STAYS}`);
    await started;
    const output = join(dataDir, 'logs', 'server.out');
    await until(() => readFileSync(output, 'utf8').includes('\n'), 'what it says');
    expect(readFileSync(output, 'utf8')).toBe(`/ my ${dataDir} serve --background\n`);
    expect(statSync(output).mode & 0o777).toBe(0o600);
    const { pid } = { pid: Number(readFileSync(note, 'utf8')) };
    const session = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]?.split(' ')[3];
    expect(session, 'it hears no Ctrl-C of ours').toBe(String(pid));
  });

  it('throws why it could not begin, in its own words', async () => {
    const error = { code: 'invalid-config', message: 'host: no', remedy: 'Another.', field: 'host' };
    const { started } = start(`say(JSON.stringify(${JSON.stringify({ error })}) + '\\n');`);
    await expect(started).rejects.toMatchObject({
      code: 'invalid-config',
      message: 'host: no',
      details: { remedy: 'Another.', field: 'host' },
    });
  });

  it.each([
    ['it has ended before it was ready', 'process.exit(1);', 20_000],
    ['it has ended before it was ready', "say('{\"rea'); process.exit(1);", 20_000],
    ['what it says makes no sense', `say('hello\\n'); ${STAYS}`, 20_000],
    ['has not been ready for 0 s', STAYS, 100],
  ])('says where to look when %s', async (message, program, readyMs) => {
    const { dataDir, started } = start(program, readyMs);
    await expect(started).rejects.toMatchObject({
      code: 'server-unreachable',
      message: expect.stringMatching(new RegExp(`^no server could be started: .*${message}$`)),
      details: { remedy: expect.stringContaining(join(dataDir, 'logs', 'server.out')) },
    });
  });
});
