import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PINNED_VERSION } from '../../../src/codex/binary.ts';
import type { Check } from '../../../src/contract/doctor.ts';
import { noOtherUser, runAsNobody } from '../../support/other-user.ts';
import { inMountNamespace, NOBODY, skipFor, whyNoMounts } from '../../support/privileges.ts';
import { type CommandPlace, MAIN, makeCommandPlace, processesOf, ROOT, runCommand } from './command.ts';

const NAMES = [
  'node',
  'codex',
  'git',
  'sandbox: commands',
  'sandbox: write outside',
  'sandbox: read our data',
  'sandbox: network',
  'login',
  'ownership',
];

/** Nothing can be mounted in a user namespace that may have no mount namespaces, and without mounts is no sandbox. */
const WITHOUT_MOUNTS = 'echo 0 > /proc/sys/user/max_mnt_namespaces && exec "$@"';
const broken = spawnSync('unshare', ['--user', '--map-root-user', 'sh', '-c', WITHOUT_MOUNTS, 'sh', 'true']);
/** Why the sandbox cannot be broken here; undefined when it can. */
const whyUnbroken = broken.status === 0 ? undefined : 'no user namespace without mount namespaces can be made here';

/** A directory with every program of this machine but one. */
function programsWithout(name: string, place: CommandPlace): string {
  const bin = join(place.home, 'bin');
  mkdirSync(bin);
  for (const program of readdirSync('/usr/bin')) {
    if (program !== name) symlinkSync(join('/usr/bin', program), join(bin, program));
  }
  return bin;
}

/** Lets the user $2 run the doctor of the checkout $1, where that user owns nothing but a home and the data. */
const AS_PLAIN_USER = `
  mount -t tmpfs -o mode=755 none /mnt
  mkdir /mnt/checkout /mnt/home /mnt/data
  chown "$2:$2" /mnt/home /mnt/data
  mount --bind "$1" /mnt/checkout
  cd /mnt/home
  exec setpriv --reuid="$2" --regid="$2" --clear-groups env -i PATH="$PATH" HOME=/mnt/home OPTIO_CODEX_HOME=/mnt/data OPTIO_CODEX_WORKSPACES=/mnt/home/workspaces /mnt/checkout/node_modules/.bin/node /mnt/checkout/src/cli/main.ts doctor --json`;

function readChecks(stdout: string): Check[] {
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

describe('doctor', () => {
  it('looks at everything that a run needs, and says what to do where something is amiss', async () => {
    const place = await makeCommandPlace();
    const { code, stdout, stderr } = await runCommand(place, ['doctor']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const name of NAMES) expect(stdout).toMatch(new RegExp(`^[✓!] ${name} `, 'm'));
    expect(stdout.match(/denied$/gm)).toHaveLength(3);
    expect(stdout.match(/^!/gm)?.length).toBe(stdout.match(/→/g)?.length);
    expect(stdout).toContain('Nothing is broken here.');
    expect(stdout).toContain(`${PINNED_VERSION} at `);
    expect(readdirSync(place.home), 'codex makes a home wherever it is asked anything').not.toContain('.codex');
    expect(readdirSync(place.dataDir).filter((name) => name.startsWith('doctor'))).toEqual([]);
    expect(readdirSync(`${place.dataDir}-workspaces`).filter((name) => !name.startsWith('.'))).toEqual([]);
  });

  it('prints the same as JSON, and sees a login', async () => {
    const place = await makeCommandPlace();
    const env = { OPENAI_API_KEY: 'sk-canary' };
    const { code, stdout } = await runCommand(place, ['doctor', '--json'], { env });
    expect(code).toBe(0);
    expect(readChecks(stdout).map(({ name }) => name)).toEqual(NAMES);
    expect(readChecks(stdout).find(({ name }) => name === 'login')?.status).toBe('ok');
    expect(stdout).not.toContain('sk-canary');
  });

  it('exits with 1 and names the remedy when git is missing', async () => {
    const place = await makeCommandPlace();
    const env = { PATH: programsWithout('git', place) };
    const { code, stdout } = await runCommand(place, ['doctor', '--json'], { env });
    expect(code).toBe(1);
    const bad = readChecks(stdout).filter(({ status }) => status === 'failed');
    expect(bad).toMatchObject([{ name: 'git', remedy: expect.stringContaining('Install git') }]);
  });

  it('warns an unprivileged user whose data lies in a directory that is the user’s to rename', async ({ skip }) => {
    skipFor(noOtherUser, skip);
    const printed = await runAsNobody('src/cli/main.ts', () => ['doctor', '--json']);
    const ownership = readChecks(printed).find(({ name }) => name === 'ownership');
    // The home of that user lies there; so does a copy of the checkout, where the checkout itself cannot be read.
    expect(ownership).toMatchObject({
      status: 'warning',
      detail: expect.stringMatching(/^a command that you approve could replace .* you may write .*\/var\/tmp/),
      remedy: expect.stringContaining('OPTIO_CODEX_HOME'),
    });
  });

  it('is content with an unprivileged user who owns neither codex nor a directory above the data', async ({ skip }) => {
    skipFor(whyNoMounts, skip);
    const printed = await inMountNamespace(AS_PLAIN_USER, ROOT, String(NOBODY.uid));
    expect(readChecks(printed).find(({ name }) => name === 'ownership')).toMatchObject({ status: 'ok' });
    expect(readChecks(printed).filter(({ status }) => status === 'failed')).toEqual([]);
  });

  it('exits with 1 and names the remedy when the sandbox cannot start', async ({ skip }) => {
    skipFor(whyUnbroken, skip);
    const place = await makeCommandPlace();
    const command = ['sh', '-c', WITHOUT_MOUNTS, 'sh', process.execPath, MAIN, 'doctor', '--json'];
    const { status, stdout } = spawnSync('unshare', ['--user', '--map-root-user', ...command], {
      env: place.env,
      encoding: 'utf8',
    });
    expect(status).toBe(1);
    const bad = readChecks(stdout).filter((check) => check.status === 'failed');
    expect(bad).toMatchObject([{ name: 'sandbox', remedy: expect.stringContaining('user namespaces') }]);
    expect(processesOf(place)).toEqual([]);
  });
});
