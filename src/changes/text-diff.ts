import { join } from 'node:path';
import { OptioError } from '../errors.ts';
import type { Host } from '../hosts/host.ts';

/** What a file held before and after; undefined where there was none. */
export interface TextPair {
  readonly before: Buffer | undefined;
  readonly after: Buffer | undefined;
}

const DEADLINE_MS = 20_000;
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;
/** How many files are written at the same time. */
const BATCH = 16;
/** A git that finds no repository, no configuration and no attributes: neither of the user nor of the machine. */
const ALONE = [
  'GIT_DIR=/dev/null',
  'GIT_CONFIG_NOSYSTEM=1',
  'GIT_CONFIG_GLOBAL=/dev/null',
  'GIT_ATTR_NOSYSTEM=1',
  'HOME=/dev/null',
  'XDG_CONFIG_HOME=/dev/null',
  'LC_ALL=C',
];
const DIFF = ['--no-index', '--no-color', '--no-ext-diff', '--no-textconv', '--no-renames', '--no-prefix'];
const HEADER = '\ndiff --git ';

/**
 * The hunks between what files held before and after: of each pair, in their order; empty where they are the same. Compares
 * copies that are called by numbers, in a directory of ours: nothing that an agent has written has a say in how git works.
 * Throws `git-failed`; see `isGitMissing`.
 */
export async function diffTexts(host: Host, scratch: string, pairs: readonly TextPair[]): Promise<string[]> {
  if (pairs.length === 0) return [];
  await Promise.all([host.makeDirectory(join(scratch, 'a')), host.makeDirectory(join(scratch, 'b'))]);
  const copies = pairs.flatMap(({ before, after }, index) => [
    ...(before ? [[join(scratch, 'a', String(index)), before] as const] : []),
    ...(after ? [[join(scratch, 'b', String(index)), after] as const] : []),
  ]);
  for (let at = 0; at < copies.length; at += BATCH) {
    const batch = copies.slice(at, at + BATCH);
    await Promise.all(batch.map(([path, content]) => host.writeFile(path, content, { durable: false })));
  }
  const args = ['diff', ...DIFF, '--text', '--histogram', '--unified=3', '--', 'a', 'b'];
  const limits = { deadlineMs: DEADLINE_MS, maxOutputBytes: MAX_OUTPUT_BYTES, anyExitCode: true };
  const result = await host
    .run(['env', ...ALONE, 'git', '--no-pager', ...args], { cwd: scratch, ...limits })
    .catch((cause: unknown) => {
      throw new OptioError('git-failed', `git diff could not be run: ${(cause as Error).message}`, { cause });
    });
  // It exits with 1 where something differs; `env` with 127 where there is no git.
  if ((result.exitCode ?? 2) > 1 || result.isTruncated) {
    const why = result.isTruncated ? 'it says too much' : result.stderr.trim();
    throw new OptioError('git-failed', `git diff failed: ${why}`, { exitCode: result.exitCode, stderr: why });
  }
  return hunksOf(result.stdout, pairs.length);
}

/** Whether there is no git, which `env` says, rather than one that has failed. */
export function isGitMissing({ code, details }: OptioError): boolean {
  return code === 'git-failed' && details.exitCode === 127;
}

/** A line of a file has a sign before it, so that none can be taken for a header. */
function hunksOf(output: string, count: number): string[] {
  const hunks = new Array<string>(count).fill('');
  for (const section of `\n${output}`.split(HEADER).slice(1)) {
    const end = section.indexOf('\n');
    const index = Number(section.slice(section.lastIndexOf('/', end) + 1, end));
    const first = section.indexOf('\n@@ ');
    const body = first < 0 ? '' : section.slice(first + 1);
    hunks[index] = body === '' || body.endsWith('\n') ? body : `${body}\n`;
  }
  return hunks;
}
