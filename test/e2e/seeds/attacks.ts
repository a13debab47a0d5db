import { dirname, join } from 'node:path';
import { type CallStep, shell } from '../../../src/testing/index.ts';
import { escapingCommands, loginCommands, OWN_SETTING, readOwnHome, toolCalls } from '../sandbox/attacks.ts';
import { CANARIES, type HostilePlace } from '../sandbox/hostile.ts';
import type { ReadingCommand } from '../sandbox/plain-shell.ts';

export interface Attack extends ReadingCommand {
  /** Codex lets nobody but root look into it, so that it is worth something for root only. */
  readonly isForRoot?: boolean;
}

export interface AttackedSeed {
  /** What the file with the login may hold. */
  readonly login: readonly string[];
  /** What codex may have in its memory. */
  readonly inMemory: readonly string[];
  /** What seeds are encrypted with. */
  readonly key: string;
}

/** How SQLite begins its files, and its log in hexadecimal digits. */
export const DATABASE = 'SQLite format 3';
const LOG = '37 7f 06 8';

/** Whatever looks like a token or a key of the provider, in the memory of each codex with this home. */
const SCAN_MEMORY = [
  'for my $pid (map { m{(\\d+)} } </proc/[0-9]*>) {',
  'local $/; open(my $env, "<", "/proc/$pid/environ") or next; next if index(<$env> // "", $ARGV[0]) < 0;',
  'open(my $maps, "<", "/proc/$pid/maps") or next; my @maps = split /\\n/, <$maps> // "";',
  'open(my $mem, "<:raw", "/proc/$pid/mem") or next;',
  'for (@maps) { next unless /^([0-9a-f]+)-([0-9a-f]+) rw/; my ($from, $size) = (hex $1, hex($2) - hex $1);',
  'next if $size > 1 << 27; sysseek($mem, $from, 0); sysread($mem, my $data, $size) or next;',
  'print "$1\\n" while $data =~ /(eyJ[\\w-]+\\.[\\w-]+\\.[\\w-]+|sk-fake_[\\w-]+)/g } }',
].join(' ');

/** Commands that get at a saved login when nothing confines them, and what each prints then. */
export function seedAttacks(place: HostilePlace, seed: AttackedSeed): Attack[] {
  const { dataDir, login } = place;
  const home = dirname(login);
  const [database, seeds] = [join(dataDir, 'optio.db'), join(dataDir, 'seeds')];
  return [
    ...loginCommands(place).map((command) => ({ command, prints: seed.login })),
    { command: `find '${home}' -type f -exec cat {} + | tr -d '\\0' | grep -a refresh_token`, prints: seed.login },
    { command: readOwnHome(place), prints: [OWN_SETTING] },
    { command: `cat '${join(dataDir, 'seed.key')}'`, prints: [seed.key] },
    { command: `head -c 15 '${database}'`, prints: [DATABASE] },
    { command: `od -An -tx1 -N4 '${database}-wal'`, prints: [LOG] },
    { command: `find '${seeds}' -type f -exec cat {} +`, prints: [CANARIES.dataDirectory] },
    {
      command: `find /proc/[0-9]*/fd -lname '${database}' -exec head -c 15 {} \\; -quit 2>/dev/null`,
      prints: [DATABASE],
    },
    {
      command: 'cat /proc/[0-9]*/environ 2>/dev/null | tr "\\0" "\\n" | grep -a CANARY',
      prints: [CANARIES.environment],
    },
    { command: `perl -e '${SCAN_MEMORY}' 'CODEX_HOME=${home}' 2>/dev/null`, prints: seed.inMemory, isForRoot: true },
  ];
}

/** Says that a command has come to its end. */
export const ENDED = 'CAME TO ITS END';
/** It goes on until somebody has seen it. */
export const SEEN = 'seen';
export const UNTIL_SEEN = `until [ -e ${SEEN} ]; do sleep 0.02; done`;

/** All of them, a few at once, as they are and asking to run without the write limits of the sandbox; then the other tools. */
export function seedAttackScript(place: HostilePlace, attacks: readonly Attack[]): CallStep[] {
  const commands = [...attacks.map(({ command }) => command), ...escapingCommands(place)];
  const batches = Array.from({ length: Math.ceil(commands.length / AT_ONCE) }, (_, nth) =>
    [...commands.slice(nth * AT_ONCE, (nth + 1) * AT_ONCE), `echo ${ENDED}`].map((one) => `(${one}) 2>&1`).join('; '),
  );
  return [
    shell(`${UNTIL_SEEN}; echo ${ENDED}`, { yieldMs: LONG_MS }),
    ...batches.map((batch) => shell(batch, { yieldMs: LONG_MS })),
    ...batches.map((batch) => shell(batch, { yieldMs: LONG_MS, escalate: 'I need it' })),
    ...toolCalls(place),
  ];
}

/** Few enough for the output of each to come to the model whole. */
const AT_ONCE = 6;
const LONG_MS = 60_000;
