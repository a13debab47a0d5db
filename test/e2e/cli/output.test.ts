import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runEventSchema } from '../../../src/contract/event.ts';
import { hang, httpError, say, shell } from '../../../src/testing/step.ts';
import { until } from '../../support/processes.ts';
import { apiOf } from '../server/lives.ts';
import {
  type CommandPlace,
  endLeftRuns,
  MAIN,
  makeCommandPlace,
  processesOf,
  type RunningCommand,
  runCommand,
  startCommand,
  untilGone,
} from './command.ts';
import { Terminal } from './terminal.ts';

const ESCAPE = '\u001b';
/** What a terminal obeys, or what turns the order of reading around. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not come through.
const OBEYED = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;
const HOSTILE = `${ESCAPE}]0;owned\u0007${ESCAPE}[2Jred\u202etxt\u009b31m`;

function startRun(place: CommandPlace, ...flags: string[]): RunningCommand {
  return startCommand(place, ['run', ...place.provider, ...flags, 'Do it']);
}

describe('colours', () => {
  it.each([
    ['none without a terminal', {}, false],
    ['none without a terminal and with NO_COLOR', { NO_COLOR: '1' }, false],
    ['as FORCE_COLOR wants', { FORCE_COLOR: '1' }, true],
  ])('%s', async (_what, env, isColoured) => {
    const place = await makeCommandPlace([say('Hello.')]);
    const { code, stdout } = await runCommand(place, ['run', ...place.provider, 'Do it'], { env });
    expect(code).toBe(0);
    expect(stdout.includes(ESCAPE)).toBe(isColoured);
  });

  it.each([
    ['are there at a terminal', {}, true],
    ['are not there with NO_COLOR', { NO_COLOR: '1' }, false],
  ])('%s', async (_what, env, isColoured) => {
    const place = await makeCommandPlace([say('Hello.')]);
    const terminal = Terminal.open(place, ['run', ...place.provider, 'Do it'], { env });
    expect(await terminal.exitCode()).toBe(0);
    expect(terminal.coloured().includes(`${ESCAPE}[`)).toBe(isColoured);
  });
});

describe('output that nobody reads any more', () => {
  it.each([['--json'], ['--approve=never']])(
    'leaves a run that goes on talking, and says how to go on, with %s',
    async (flag) => {
      const place = await makeCommandPlace([say('word '.repeat(2_000), { chunk: 5, everyMs: 1 }), hang()]);
      const command = startRun(place, flag);
      await until(() => command.stdout().includes('word'), 'a first word');
      command.child.stdout?.destroy();
      const { code, stderr } = await command.ended;
      expect(code).toBe(141);
      expect(stderr).toMatch(/^Left\. It goes on: optio-codex attach run-\w+ · stop it: .*\n$/);
      expect(processesOf(place).length, 'its codex').toBeGreaterThan(0);
      await endLeftRuns(place);
      await untilGone(place);
    },
  );
});

describe('logs -f into head', () => {
  it('leaves a run in which nothing happens, as attach does', { timeout: 180_000 }, async () => {
    const place = await makeCommandPlace([say('Hello.'), hang()]);
    const { stdout } = await startCommand(place, ['run', '-d', '--stay', ...place.provider, 'Do it']).ended;
    const api = await apiOf(place);
    await until(async () => (await api.find('@last')).view().then(({ turnOrder }) => turnOrder.length === 1), 'a turn');
    for (const verb of [['attach'], ['attach', '--json'], ['logs', '-f'], ['logs', '-f', '--json']]) {
      const line = 'set -o pipefail; "$@" | head -n 1';
      const argv = [process.execPath, MAIN, ...verb, stdout.trim()];
      const shell = spawn('bash', ['-c', line, 'bash', ...argv], { env: place.env, stdio: 'ignore' });
      const [status] = await once(shell, 'close');
      expect({ verb, status }).toEqual({ verb, status: 141 });
    }
  });

  it('leaves one also where the reader goes when everything has long been written', async () => {
    const place = await makeCommandPlace([say('Hello.'), hang()]);
    const { stdout } = await startCommand(place, ['run', '-d', '--stay', ...place.provider, 'Do it']).ended;
    const api = await apiOf(place);
    await until(async () => (await api.find('@last')).view().then(({ turnOrder }) => turnOrder.length === 1), 'a turn');
    const [read, go] = [join(place.home, 'read'), join(place.home, 'go')];
    const line = 'set -o pipefail; "$@" | { read -r line; : > "$READ"; until [ -e "$GO" ]; do sleep 0.05; done; }';
    const argv = [process.execPath, MAIN, 'logs', '-f', '--json', stdout.trim()];
    const env = { ...place.env, READ: read, GO: go };
    const shell = spawn('bash', ['-c', line, 'bash', ...argv], { env, stdio: 'ignore' });
    await until(() => existsSync(read), 'the first line');
    await startCommand(place, ['ps', '--json']).ended; // another one comes and goes meanwhile
    writeFileSync(go, '');
    expect((await once(shell, 'close'))[0]).toBe(141);
  });
});

describe('output that is read slowly', () => {
  it('is complete, and holds nobody up meanwhile', async () => {
    const place = await makeCommandPlace([
      shell('head -c 900000 /dev/zero | tr "\\0" x; touch done'),
      say('x'.repeat(900_000)),
    ]);
    const command = startRun(place, '--json');
    command.child.stdout?.pause();
    // The agent's work goes on although not a line is read.
    await until(() => place.model.requests.length > 1, 'the second request to the model');
    command.child.stdout?.resume();
    const { code, stdout } = await command.ended;
    expect(code).toBe(0);
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => runEventSchema.parse(JSON.parse(line)));
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
    expect(events.at(-1)).toMatchObject({ type: 'run.ended', outcome: { text: 'x'.repeat(900_000) } });
  });
});

describe('what comes from outside', () => {
  it.each([['--approve=never'], ['--json']])('moves no cursor and turns no text around, with %s', async (flag) => {
    const octal = [...Buffer.from(HOSTILE)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
    const place = await makeCommandPlace([
      shell(`printf '${octal}\\n'; touch "$(printf '${octal}')"`),
      say(`Said ${HOSTILE}.`),
    ]);
    const { code, stdout, stderr } = await runCommand(place, ['run', ...place.provider, flag, 'Do it']);
    expect(code).toBe(0);
    expect(stdout).toContain('Said ');
    expect(`${stdout}${stderr}`).not.toMatch(OBEYED);
  });

  it('cannot do so in the error of a provider', async () => {
    const place = await makeCommandPlace([httpError(400, { error: { message: `No ${HOSTILE}.` } })]);
    const { code, stdout, stderr } = await runCommand(place, ['run', ...place.provider, 'Do it']);
    expect(code).toBe(1);
    expect(`${stdout}${stderr}`).not.toMatch(OBEYED);
  });
});
