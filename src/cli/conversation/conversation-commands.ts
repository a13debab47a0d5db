import type { RunHandle } from '../../contract/run-handle.ts';
import type { RequestDesk } from './request-desk.ts';
import type { RunStatus } from './run-status.ts';

/** What the commands of a conversation act upon. */
interface Acting {
  readonly handle: RunHandle;
  readonly desk: RequestDesk;
  readonly status: RunStatus;
  /** Says something in a line. */
  say(text: string): void;
  /** Has a message wait for the turns before it. */
  queue(text: string): void;
  interrupt(): void;
  leave(): void;
}

export interface ConversationCommand {
  /** What follows it, for people. */
  readonly argument?: string;
  readonly about: string;
  /** Throws what the run throws. */
  act(acting: Acting, argument: string): Promise<void> | void;
}

const COMMANDS: ReadonlyMap<string, ConversationCommand> = new Map<string, ConversationCommand>([
  ['help', { about: 'what one can type here', act: ({ say }) => say(HELP) }],
  [
    'queue',
    {
      argument: 'TEXT',
      about: 'the next message, once this turn is over',
      act: ({ queue, say }, text) => (text ? queue(text) : say('Say what: /queue also update the docs')),
    },
  ],
  ['interrupt', { about: 'end the running turn', act: ({ interrupt }) => interrupt() }],
  [
    'model',
    {
      argument: 'NAME',
      about: 'another model for the turns to come',
      async act({ handle, say, status }, name) {
        if (name === '') return say(`The model is ${status.model ?? 'not known yet'}. Another one: /model NAME`);
        await handle.requestModelChange(name);
        say(`Model of the turns to come: ${name}`);
      },
    },
  ],
  [
    'effort',
    {
      argument: 'LEVEL',
      about: 'how hard it thinks in the turns to come',
      async act({ handle, say, status }, level) {
        if (level === '')
          return say(`The effort is ${status.effort ?? 'that of the model'}. Another one: /effort LEVEL`);
        await handle.requestEffortChange(level);
        say(`Effort of the turns to come: ${level}`);
      },
    },
  ],
  ['pause', { about: 'end the running turn and begin no other', act: ({ handle }) => handle.pause() }],
  [
    'resume',
    {
      about: 'go on after a pause, and with what an interrupt holds in the queue',
      async act({ handle, status }) {
        if (status.queue.queuePause !== null) await handle.queue.resume();
        await handle.resume();
      },
    },
  ],
  [
    'approve',
    {
      argument: '[always]',
      about: 'allow what is asked, or the same for the whole session',
      act: (acting, word) => decide(acting, 'allow', word === 'always' ? { forSession: true } : {}),
    },
  ],
  [
    'deny',
    {
      argument: '[stop]',
      about: 'decline what is asked, and end the turn as well',
      act: (acting, word) => decide(acting, 'deny', word === 'stop' ? { interrupt: true } : {}),
    },
  ],
  ['finish', { about: 'the run is over, and done', act: ({ handle }) => handle.finish() }],
  ['cancel', { about: 'stop the run', act: ({ handle }) => handle.cancel('cancelled in a conversation') }],
  ['detach', { about: 'leave; the run goes on (Ctrl-D does the same)', act: ({ leave }) => leave() }],
]);

const USAGES = [...COMMANDS].map(
  ([name, { argument, about }]) => [`/${name} ${argument ?? ''}`.trim(), about] as const,
);
const WIDTH = Math.max(...USAGES.map(([usage]) => usage.length)) + 2;
const HELP = [
  'What you type goes into the running turn; between turns it is the next message.',
  'Alt+Enter, or a backslash at the end, adds a line. Ctrl-C interrupts the turn; pressed again it leaves.',
  ...USAGES.map(([usage, about]) => `  ${usage.padEnd(WIDTH)}${about}`),
].join('\n');

/** The command that a line gives, and what follows it; undefined where it gives none. */
export function readCommand(
  line: string,
): { readonly command: ConversationCommand; readonly argument: string } | undefined {
  const [, name = '', argument = ''] = /^\/([a-z]+)(?:\s+([\s\S]*))?$/.exec(line) ?? [];
  const command = COMMANDS.get(name);
  return command && { command, argument: argument.trim() };
}

/** What the beginning of a command may only become; the same text where that is not clear. */
export function completeCommand(begun: string): string {
  const names = [...COMMANDS.keys()].map((name) => `/${name}`).filter((name) => name.startsWith(begun));
  const [only] = names;
  if (only === undefined || names.length > 1) return begun;
  return COMMANDS.get(only.slice(1))?.argument ? `${only} ` : only;
}

async function decide(
  { desk, say }: Acting,
  behavior: 'allow' | 'deny',
  more: { forSession?: boolean; interrupt?: boolean },
): Promise<void> {
  if (desk.asked === null) return say('Nothing waits for an answer.');
  if (!(await desk.decide(behavior, more))) say('This wants an answer and not a permission; /deny gives none.');
}
