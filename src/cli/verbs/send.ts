import type { Command } from 'commander';
import type { OptioApi } from '../../contract/api.ts';
import type { QueuedMessage } from '../../contract/message-queue.ts';
import type { RunHandle, RunTurn, RunTurnResult, SendMessageOptions } from '../../contract/run-handle.ts';
import { OptioError } from '../../errors.ts';
import { COMMAND } from '../command.ts';
import { CANCELLED } from '../exit-code.ts';
import { collect } from '../flags/flag-values.ts';
import { readText } from '../input.ts';
import { namedRun } from '../naming/named-run.ts';
import { readPictures, uploadPictures } from '../pictures.ts';
import type { Invocation } from '../program.ts';
import type { Report } from '../report.ts';
import { printable } from '../terminal/text.ts';
import { type CommonFlags, JSON_FLAG, onApi, RUN_HELP } from '../verb.ts';
import { describeQueuePause } from '../views/describe-queue.ts';
import { obstacleFor, tellObstacle } from '../watching/waiting-message.ts';

interface SendFlags extends CommonFlags {
  readonly steer?: boolean;
  readonly queue?: boolean;
  readonly wait?: boolean;
  readonly key?: string;
  readonly image?: string[];
}

/** `send`: a message to a run. */
export function addSend(program: Command, invocation: Invocation): void {
  program
    .command('send')
    .description('Send a message to a run, which gets it as its next turn')
    .argument('<run>', RUN_HELP)
    .argument('[message...]', 'what to say; "-" or nothing reads it from standard input')
    .option('--steer', 'put it into the turn that runs now')
    .option('--queue', 'put it into the queue of the run, which is sent turn by turn, and wait for nothing')
    .option('-w, --wait', 'wait for the end of the turn, and print the answer')
    .option('-i, --image <file>', 'a picture to go with it, put into uploads/ of the workspace (repeatable)', collect)
    .option('--key <key>', 'send it once, however often this is called with the same key')
    .option(...JSON_FLAG)
    .action(async (name: string, words: string[], flags: SendFlags) => {
      const remedy = `Say it: ${COMMAND} send RUN "also update the docs"`;
      const { steer = false, key, image = [] } = flags;
      checkQueue(flags);
      const hasOnlyPictures = words.length === 0 && image.length > 0;
      const message = hasOnlyPictures ? '' : await readText(words, invocation.input, { what: 'message', remedy });
      const pictures = await readPictures(image);
      await onApi(invocation, flags, async (api, report) => {
        const run = await namedRun(api, name);
        const images = await uploadPictures(run, pictures);
        const once = { ...(images.length > 0 && { images }), ...(key !== undefined && { idempotencyKey: key }) };
        if (flags.queue) return sayQueued(run, await run.queue.add(message, once), report);
        const options = { steer, ...once };
        const turn = await sendTelling(api, run, message, options, invocation);
        if (!flags.wait) {
          report.say({ turnId: turn.id }, () => [`Codex has it. What it does: ${COMMAND} logs -f ${run.id}`]);
          return 0;
        }
        const { id, ...result } = await turn.completed;
        report.say({ turnId: id, ...result }, () => (result.text ? [printable(result.text)] : []));
        if (result.status === 'failed' && !report.isJson) {
          invocation.complaints.write(`The turn has failed: ${printable(result.error ?? 'Codex does not say why')}\n`);
        }
        return exitCodeOfTurn(result.status);
      });
    })
    .addHelpText('after', HELP);
}

function checkQueue({ queue = false, steer = false, wait = false }: SendFlags): void {
  if (!queue || (!steer && !wait)) return;
  throw new OptioError('invalid-input', `--queue does not go together with ${steer ? '--steer' : '--wait'}`, {
    field: '--queue',
    remedy: 'What is queued waits for its turn by itself. Leave one of them out.',
  });
}

/** A queue that is held would keep it for ever, and nobody would know. */
async function sayQueued(run: RunHandle, message: QueuedMessage, report: Report): Promise<void> {
  const { messages, pause } = await run.queue.list();
  report.say({ ...message, pause }, () => [
    messages.some(({ id }) => id === message.id)
      ? `It waits in the queue; all that does: ${COMMAND} queue ${run.id}`
      : `It is sent. What it does: ${COMMAND} logs -f ${run.id}`,
    ...(pause ? [`${describeQueuePause(pause)}. To go on: ${COMMAND} queue ${run.id} --resume`] : []),
  ]);
}

/** Sends a message, and says what it waits for where Codex cannot have it at once. */
async function sendTelling(
  api: OptioApi,
  run: RunHandle,
  message: string,
  options: SendMessageOptions,
  { complaints }: Invocation,
): Promise<RunTurn> {
  const { steer = false } = options;
  const obstacle = await obstacleFor(api, run, { steer }).catch(() => undefined); // sending tells what is wrong
  const sent = new AbortController();
  const leave = () => {
    complaints.write('Left. The message stays with the run: Codex gets it when its turn has come.\n');
    process.exit(CANCELLED);
  };
  const sending = run.send(message, options).finally(() => sent.abort());
  if (obstacle) {
    process.once('SIGINT', leave);
    sent.signal.addEventListener('abort', () => process.off('SIGINT', leave));
    tellObstacle(run, obstacle, { complaints, signal: sent.signal }).catch(() => {});
  }
  return sending;
}

function exitCodeOfTurn(status: RunTurnResult['status']): number {
  if (status === 'completed') return 0;
  return status === 'interrupted' ? CANCELLED : 1;
}

const HELP = `
Examples:
  ${COMMAND} send @last "Also update the docs"
  ${COMMAND} send @last --steer "Leave the tests alone"
  ${COMMAND} send @last --queue "Then write the changelog"
  ${COMMAND} send @last --image shot.png "The button is cut off, as you see"
  git diff | ${COMMAND} send nightly --wait -

It waits until Codex has accepted the message, and says what for: the end of the turn under way, which may wait for
an answer, or a run that is paused. With --image the message may be empty. Ctrl-C ends the waiting: the message stays with the run.
With --queue it waits for nothing: the message is kept with the run, to be changed or taken back, and is sent when its turn comes.
Exit codes with --wait: 0 the turn is completed, 1 it has failed, 130 it was interrupted.`;
