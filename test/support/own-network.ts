import { spawnSync } from 'node:child_process';
import { chownSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { testDirectory } from './directories.ts';
import { readableCheckout } from './other-user.ts';
import { inMountNamespace, UNSHARE, whyNoMounts } from './privileges.ts';

/** An address of the internet, which no program takes for one of this machine: in a network of one's own it is. */
export const PUBLIC_ADDRESS = '93.184.215.14';

/** Why no program can have a network of its own here; undefined when it can. */
export const whyNoOwnNetwork: string | undefined = whyNoMounts ?? tryToUnshare();

function tryToUnshare(): string | undefined {
  const { status, error, stderr } = spawnSync('sh', ['-c', `${UNSHARE} -n true`], { encoding: 'utf8' });
  return status === 0 ? undefined : `no network namespace can be made here: ${error?.message ?? stderr}`;
}

/** Brings the loopback interface up, gives it the address, and goes on as the command. In Perl, for `ip` may be missing. */
const WITH_LOOPBACK = `
  use Socket;
  my ($address, @command) = @ARGV;
  my ($set_flags, $set_address, $up_loopback_running) = (0x8914, 0x8916, 0x49);
  socket(my $socket, AF_INET, SOCK_DGRAM, 0) or die $!;
  my @steps = (
    [$set_flags, pack("a16 s x22", "lo", $up_loopback_running)],
    [$set_address, pack("a16 S n a4 x16", "lo:1", AF_INET, 0, inet_aton($address))],
  );
  ioctl($socket, $_->[0], $_->[1]) or die $! for @steps;
  exec { $command[0] } @command or die $!;`;

export interface OwnNetwork {
  readonly user: { readonly uid: number; readonly gid: number };
  /** The names of the public address. */
  readonly names: readonly string[];
  /** Names of 127.0.0.1 besides `localhost`. */
  readonly localNames: readonly string[];
}

/**
 * Runs a program of the checkout in a network without anybody else, in a directory of its own, as this user, and gives
 * what it prints.
 */
export async function runInOwnNetwork(
  { user, names, localNames }: OwnNetwork,
  program: string,
  args: (root: string) => readonly string[],
): Promise<string> {
  const [root, checkout] = [testDirectory('network'), readableCheckout()];
  chownSync(root, user.uid, user.gid);
  const hosts = join(testDirectory('hosts'), 'hosts');
  writeFileSync(hosts, `127.0.0.1 localhost ${localNames.join(' ')}\n${PUBLIC_ADDRESS} ${names.join(' ')}\n`);
  return inMountNamespace(
    'mount --bind "$1" /etc/hosts; shift; exec unshare -n perl -e "$@"',
    hosts,
    WITH_LOOPBACK,
    PUBLIC_ADDRESS,
    ...['setpriv', `--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups'],
    ...[join(checkout, 'node_modules/.bin/node'), join(checkout, program), ...args(root)],
  );
}
