import { type Command, Option } from 'commander';
import type { RunHandle } from '../../contract/run-handle.ts';
import { wantedPaths } from '../../contract/wanted-paths.ts';
import { WHY_WITHOUT_LINES } from '../../contract/without-lines.ts';
import type { WorkspaceChange, WorkspaceChanges } from '../../contract/workspace-change.ts';
import { COMMAND } from '../command.ts';
import { namedRunToRead } from '../naming/named-run.ts';
import type { Invocation } from '../program.ts';
import type { Report } from '../report.ts';
import type { Style } from '../terminal/style.ts';
import { printable, printableName } from '../terminal/text.ts';
import { type CommonFlags, JSON_FLAG, onApi, RUN_HELP } from '../verb.ts';

interface DiffFlags extends CommonFlags {
  readonly stat?: boolean;
  readonly nameOnly?: boolean;
}

/** `diff`: what of a workspace differs from the start of its run. */
export function addDiff(program: Command, invocation: Invocation): void {
  program
    .command('diff')
    .description('Show what differs in the workspace from the start of the run: now, or when it ended')
    .argument('<run>', RUN_HELP)
    .argument('[paths...]', 'files, or directories with all that is below them (everything)')
    .addOption(new Option('--stat', 'how many lines of each file instead').conflicts('nameOnly'))
    .option('--name-only', 'the names of the files instead')
    .option(...JSON_FLAG)
    .action((name: string, paths: string[], flags: DiffFlags) =>
      onApi(invocation, flags, async (api, report) => {
        const run = await namedRunToRead(api, name);
        const tell = (note: string) => invocation.complaints.write(`${note}\n`);
        if (flags.stat || flags.nameOnly) await list(run, paths, report, tell, flags);
        else await show(run, paths, report, tell);
      }),
    )
    .addHelpText('after', HELP);
}

const NOTHING = 'Nothing differs from the start.';

type Tell = (note: string) => void;

async function list(run: RunHandle, paths: readonly string[], report: Report, tell: Tell, flags: DiffFlags) {
  const changes = within(await run.listChanges(), paths);
  report.say(changes, () =>
    flags.nameOnly ? changes.files.map(({ path }) => printableName(path)) : statOf(changes.files, report.style),
  );
  if (!report.isJson) tellNotes(changes, tell);
}

async function show(run: RunHandle, paths: readonly string[], report: Report, tell: Tell) {
  const changes = within(await run.listChanges(), paths);
  const asked = paths.length === 0 ? [undefined] : paths;
  const parts: string[] = [];
  let isCut = false;
  for (const path of changes.files.length === 0 ? [] : asked) {
    const part = await run.readDiff(path);
    parts.push(part.diff);
    isCut ||= part.isCut;
  }
  const diff = parts.join('');
  if (report.isJson) {
    report.say({ ...changes, diff, isCut }, () => []);
    return;
  }
  // Whatever it goes to may want to apply it, and a terminal must not be told to do anything.
  report.output.write(report.output.isTerminal ? coloured(printable(diff), report.style) : diff);
  await report.output.ready();
  if (changes.files.length === 0) tell(NOTHING);
  tellNotes(changes, tell);
  if (isCut) tell('There is more of it than is shown: name the files one by one.');
}

function tellNotes({ note, isPartial }: WorkspaceChanges, tell: Tell): void {
  if (note !== null) tell(note);
  if (isPartial) tell('There are more files than are compared.');
}

function within(changes: WorkspaceChanges, paths: readonly string[]): WorkspaceChanges {
  const isWanted = wantedPaths(paths);
  const files = changes.files.filter(({ path, from }) => isWanted(path) || (from !== undefined && isWanted(from)));
  return { ...changes, files };
}

function statOf(files: readonly WorkspaceChange[], style: Style): string[] {
  const rows = files.map((file) => {
    const { path, from, change, added, removed, without, mode } = file;
    const name = from === undefined ? printableName(path) : `${printableName(from)} → ${printableName(path)}`;
    const size =
      without === null ? `${style.added(`+${added}`)} ${style.removed(`-${removed}`)}` : WHY_WITHOUT_LINES[without];
    const executable = mode && mode.before !== mode.after ? `  mode ${mode.before} → ${mode.after}` : '';
    return `${change.padEnd(8)}  ${name}  ${size}${executable}`;
  });
  const sum = (which: 'added' | 'removed') => files.reduce((total, file) => total + (file[which] ?? 0), 0);
  const noun = files.length === 1 ? 'file' : 'files';
  const total = `${files.length} ${noun}  ${style.added(`+${sum('added')}`)} ${style.removed(`-${sum('removed')}`)}`;
  return files.length === 0 ? [NOTHING] : [...rows, total];
}

function coloured(diff: string, style: Style): string {
  if (!style.isColoured) return diff;
  let isHeader = true;
  const lines = diff.split('\n').map((line) => {
    if (line.startsWith('diff --git ')) isHeader = true;
    else if (line.startsWith('@@')) {
      isHeader = false;
      return style.place(line);
    }
    if (isHeader) return style.strong(line);
    if (line.startsWith('+')) return style.added(line);
    return line.startsWith('-') ? style.removed(line) : line;
  });
  return lines.join('\n');
}

const HELP = `
Examples:
  ${COMMAND} diff @last
  ${COMMAND} diff @last --stat
  ${COMMAND} diff @last src README.md
  ${COMMAND} diff @last > work.patch`;
