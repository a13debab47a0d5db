import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, normalize } from 'node:path';
import { buffer } from 'node:stream/consumers';
import type { Command } from 'commander';
import type { OptioApi } from '../../contract/api.ts';
import type { WorkspaceEntry, WorkspaceListing } from '../../contract/workspace-file.ts';
import { fromUnknown, OptioError } from '../../errors.ts';
import { COMMAND } from '../command.ts';
import { writeWhole } from '../file-output.ts';
import { namedRun, namedRunToRead } from '../naming/named-run.ts';
import type { Invocation } from '../program.ts';
import type { Report } from '../report.ts';
import type { Column } from '../terminal/table.ts';
import { count, printableName, shortPath } from '../terminal/text.ts';
import { when } from '../terminal/time.ts';
import { type CommonFlags, JSON_FLAG, onApi, RUN_HELP } from '../verb.ts';

interface FilesFlags extends CommonFlags {
  readonly output?: string;
  readonly force?: boolean;
  readonly zip?: boolean;
}

/** `files`: what lies in the workspace of a run. */
export function addFiles(program: Command, invocation: Invocation): void {
  program
    .command('files')
    .usage('[options] <run> [path] | <run> get <path> | <run> put <file> [path]')
    .description('List the workspace of a run, take a file out of it, or put one into it')
    .argument('<run>', RUN_HELP)
    .argument('[words...]', 'a directory (./get for one of that name), or what to do with which file')
    .option('-o, --output <file>', 'with get: what to call it here; "-" for standard output')
    .option('--zip', 'with get: a directory with all that is in it, as a zip; "." for the workspace')
    .option('-f, --force', 'with get: replace a file that is here')
    .option(...JSON_FLAG)
    .action((name: string, words: string[], flags: FilesFlags) => {
      const [verb = '', first, second] = words;
      const isTransfer = verb === 'get' || verb === 'put';
      if (words.length > (verb === 'put' ? 3 : verb === 'get' ? 2 : 1) || (isTransfer && first === undefined))
        throw usage();
      return onApi(invocation, flags, async (api, report) => {
        if (verb === 'get' && first !== undefined) await getFile(api, name, first, invocation, report, flags);
        else if (verb === 'put' && first !== undefined) await putFile(api, name, [first, second], invocation, report);
        else await list(api, name, words[0], report);
      });
    })
    .addHelpText('after', HELP);
}

async function list(api: OptioApi, name: string, path: string | undefined, report: Report): Promise<void> {
  const listing = await (await namedRunToRead(api, name)).listFiles(path);
  const place = printableName(shortPath([listing.workspace, listing.path].filter(Boolean).join('/')));
  report.say(listing, () => [
    report.style.quiet(place),
    ...report.table(listing.entries, columnsOf(report.now), 'Nothing is in it.'),
    ...more(listing, report),
  ]);
}

async function getFile(
  api: OptioApi,
  name: string,
  path: string,
  { output }: Invocation,
  report: Report,
  { output: given, force = false, zip = false }: FilesFlags,
): Promise<void> {
  const target = given ?? (zip ? `${nameOfZip(path, name)}.zip` : basename(path));
  if (target !== '-' && !force && existsSync(target)) {
    throw new OptioError('invalid-input', `there is a ${printableName(target)} here`, {
      remedy: 'Say --output FILE for another name, or --force to replace it.',
    });
  }
  const run = await namedRunToRead(api, name);
  let bytes = 0;
  const pieces = async function* () {
    for await (const piece of zip ? run.downloadFiles(path) : onePiece(await run.readFile(path))) {
      bytes += piece.byteLength;
      yield piece;
    }
  };
  if (target === '-') {
    // As it is: whoever wants it on standard output wants all of it.
    for await (const piece of pieces()) if (!output.stream.write(piece)) await once(output.stream, 'drain');
    return;
  }
  await writeWhole(target, pieces());
  report.say({ path, file: target, bytes }, () => [`${printableName(target)}: ${count(bytes)} bytes`]);
}

async function putFile(
  api: OptioApi,
  name: string,
  [file, path = file === '-' ? undefined : basename(file)]: readonly [string, string | undefined],
  { input }: Invocation,
  report: Report,
): Promise<void> {
  if (path === undefined) throw usage();
  const content =
    file === '-' ? await buffer(input) : await readFile(file).catch((cause) => Promise.reject(unread(file, cause)));
  await (await namedRun(api, name)).writeFile(path, content);
  const bytes = content.byteLength;
  report.say({ path, bytes }, () => [`${printableName(path)} in its workspace: ${count(bytes)} bytes`]);
}

/** That of the directory; of the workspace itself, that of the run. */
function nameOfZip(path: string, run: string): string {
  return basename(normalize(path)).replace(/^\.*$/, '') || run.replace(/^@|[/\\]/g, '');
}

async function* onePiece(content: Uint8Array): AsyncIterable<Uint8Array> {
  yield content;
}

function columnsOf(now: number): Column<WorkspaceEntry>[] {
  return [
    {
      title: 'NAME',
      cell: nameOf,
      look: ({ kind }, style) => (kind === 'directory' ? style.place : plain),
      matters: 3,
      least: 10,
    },
    { title: 'BYTES', cell: ({ kind, size }) => (kind === 'file' ? count(size) : ''), isRight: true, matters: 2 },
    {
      title: 'CHANGED',
      cell: ({ modifiedAt }) => when(modifiedAt, now),
      look: (_entry, { quiet }) => quiet,
      matters: 1,
    },
  ];
}

function nameOf({ name, kind }: WorkspaceEntry): string {
  const mark = { file: '', directory: '/', link: '@', other: '' }[kind];
  return printableName(name) + mark;
}

function more({ isPartial }: WorkspaceListing, { style }: Report): string[] {
  return isPartial ? [style.quiet('There are more than are listed.')] : [];
}

function plain(text: string): string {
  return text;
}

function unread(file: string, cause: unknown): OptioError {
  return new OptioError('invalid-input', `${file} cannot be read: ${fromUnknown(cause).message}`, { cause });
}

function usage(): OptioError {
  return new OptioError('invalid-input', 'it is not clear what to do with which file', {
    remedy: `Say ${COMMAND} files RUN [PATH], files RUN get PATH, or files RUN put FILE [PATH].`,
  });
}

const HELP = `
Examples:
  ${COMMAND} files @last src
  ${COMMAND} files @last get report.md -o -
  ${COMMAND} files @last get . --zip -o work.zip
  ${COMMAND} files @last put data.csv input/data.csv`;
