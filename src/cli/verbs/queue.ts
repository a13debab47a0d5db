import type { Command } from 'commander';
import type { QueuedMessage, QueueState } from '../../contract/message-queue.ts';
import type { RunHandle } from '../../contract/run-handle.ts';
import { OptioError } from '../../errors.ts';
import { COMMAND } from '../command.ts';
import { namedRunToRead } from '../naming/named-run.ts';
import type { Invocation } from '../program.ts';
import type { Report } from '../report.ts';
import type { Column } from '../terminal/table.ts';
import { oneLine, printableName } from '../terminal/text.ts';
import { type CommonFlags, JSON_FLAG, onApi, RUN_HELP } from '../verb.ts';
import { describeQueuePause } from '../views/describe-queue.ts';

interface QueueFlags extends CommonFlags {
  readonly remove?: string;
  readonly move?: string;
  readonly before?: string;
  readonly release?: string;
  readonly clear?: boolean;
  readonly pause?: boolean;
  readonly resume?: boolean;
}

/** `queue`: the messages of a run that wait to be sent. */
export function addQueue(program: Command, invocation: Invocation): void {
  program
    .command('queue')
    .description('List the messages of a run that wait to be sent, after changing what the flags say')
    .argument('<run>', RUN_HELP)
    .option('--remove <message>', 'take this one back')
    .option('--move <message>', 'put this one at the end, or with --before elsewhere')
    .option('--before <message>', 'with --move: put it before this one')
    .option('--release <message>', 'let this one go, which somebody holds to change it')
    .option('--clear', 'take all of them back')
    .option('--pause', 'send nothing more of it, until it is resumed')
    .option('--resume', 'go on sending, also after an interrupt')
    .option(...JSON_FLAG)
    .action((name: string, flags: QueueFlags) =>
      onApi(invocation, flags, async (api, report) => {
        const run = await namedRunToRead(api, name);
        await change(run, flags);
        const state = await run.queue.list();
        report.say(state, () => linesOf(run, state, report));
      }),
    )
    .addHelpText('after', HELP);
}

async function change({ queue }: RunHandle, flags: QueueFlags): Promise<void> {
  const { remove, move, before, release, clear, pause, resume } = flags;
  if (before !== undefined && move === undefined) {
    throw new OptioError('invalid-input', '--before says where --move puts a message', {
      field: '--before',
      remedy: 'Say which one: --move MESSAGE --before MESSAGE',
    });
  }
  const { messages } = await queue.list();
  const idOf = (name: string) => named(messages, name);
  if (remove !== undefined) await queue.remove(idOf(remove));
  if (move !== undefined) await queue.move(idOf(move), before === undefined ? null : idOf(before));
  if (release !== undefined) await queue.release(idOf(release));
  if (clear) await queue.clear();
  if (pause) await queue.pause();
  if (resume) await queue.resume();
}

/** Its id, or the beginning of one. */
function named(messages: readonly QueuedMessage[], name: string): string {
  const begun = messages.filter(({ id }) => id.startsWith(name));
  const exact = messages.find(({ id }) => id === name);
  const [only] = exact ? [exact] : begun;
  if (only && (exact || begun.length === 1)) return only.id;
  const code = only ? 'invalid-input' : 'not-found';
  throw new OptioError(code, only ? `${name} may be one of several` : `no message ${name} waits in the queue`, {
    remedy: 'Give its id, or the beginning of it, as the list of the queue has it.',
  });
}

function linesOf(run: RunHandle, { messages, pause }: QueueState, report: Report): string[] {
  const isShort = report.output.isTerminal;
  const table = report.table(messages, columnsOf(isShort), 'Nothing waits to be sent.');
  if (!pause) return table;
  return [...table, report.style.warn(`${describeQueuePause(pause)}. To go on: ${COMMAND} queue ${run.id} --resume`)];
}

function columnsOf(isShort: boolean): Column<QueuedMessage>[] {
  return [
    { title: 'MESSAGE', cell: ({ id }) => printableName(isShort ? id.slice(0, 8) : id), matters: 4 },
    { title: 'TEXT', cell: textOf, look: (_message, style) => style.strong, matters: 5, least: 12 },
    { title: 'HELD', cell: ({ isHeld }) => (isHeld ? 'held' : ''), look: (_message, style) => style.warn, matters: 3 },
    { title: 'BY', cell: ({ by }) => printableName(by ?? ''), look: (_message, style) => style.quiet, matters: 1 },
  ];
}

function textOf({ text, images }: QueuedMessage): string {
  const pictures = images.length === 0 ? [] : [`(${images.length} ${images.length === 1 ? 'picture' : 'pictures'})`];
  return [...(text === '' ? [] : [oneLine(text, 200)]), ...pictures].join(' ');
}

const HELP = `
Examples:
  ${COMMAND} send @last --queue "Then update the docs"
  ${COMMAND} queue @last
  ${COMMAND} queue @last --move 5f0c2a11 --before 91bd7e40
  ${COMMAND} queue @last --resume            after an interrupt, which holds them

MESSAGE is an id, or the beginning of one. They are sent one after the other, each when nothing else goes on in the run.`;
