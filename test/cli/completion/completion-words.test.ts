import { Argument, Command, Option } from 'commander';
import { describe, expect, it } from 'vitest';
import { type Candidate, completeWords } from '../../../src/cli/completion/completion-words.ts';

const WORDS: Readonly<Record<string, readonly string[]>> = {
  run: ['@last', 'run-1', 'run-2', 'a b', '$(reboot)', "it's", '-rf'],
  task: ['nightly'],
};
const live = async (kind: string): Promise<Candidate[]> => (WORDS[kind] ?? []).map((word) => ({ word }));

function program(): Command {
  const whole = new Command('optio-codex').option('-V, --version', 'its version');
  whole
    .command('send')
    .description('Send a message')
    .argument('<run>')
    .argument('[message...]')
    .option('-w, --wait', 'wait')
    .addOption(new Option('--role <role>').choices(['viewer', 'admin']))
    .option('--task <task>', 'of this task')
    .option('-o, --output <file>', 'into this file')
    .option('--network [hosts]', 'the network');
  whole.command('cancel').argument('[run...]');
  whole.command('completion').addArgument(new Argument('<shell>').choices(['bash', 'zsh']));
  whole.command('__complete', { hidden: true });
  const task = whole.command('task');
  task.command('add').argument('<file>');
  task.command('rm').argument('<task>');
  return whole;
}

/** What the last of these words may become. */
async function complete(...words: string[]): Promise<string[]> {
  const current = words.pop() ?? '';
  return (await completeWords(program(), words, current, live)).map(({ word }) => word);
}

describe('completeWords', () => {
  it.each<[string, string[], string[]]>([
    ['all commands but hidden ones', [''], ['send', 'cancel', 'completion', 'task', 'help']],
    ['commands', ['c'], ['cancel', 'completion']],
    ['the flags ahead of a command', ['-'], ['--version', '--help']],
    ['commands of a command', ['task', ''], ['add', 'rm', 'help']],
    ['flags', ['send', '--w'], ['--wait']],
    ['all flags', ['send', '-'], ['--wait', '--role', '--task', '--output', '--network', '--help']],
    ['flags between arguments', ['send', 'run-1', '--ta'], ['--task']],
    ['the choices of a flag', ['send', '--role', ''], ['viewer', 'admin']],
    ['the choices of a flag with =', ['send', '--role=a'], ['--role=admin']],
    ['the task of a flag', ['send', '--task', 'n'], ['nightly']],
    ['the task of a flag with =', ['send', '--task='], ['--task=nightly']],
    ['runs', ['send', 'r'], ['run-1', 'run-2']],
    ['runs after flags, those with values too', ['send', '-w', '--role', 'admin', 'r'], ['run-1', 'run-2']],
    ['runs after a flag whose value may be left out', ['send', '--network', 'r'], ['run-1', 'run-2']],
    ['runs after --', ['send', '--', 'r'], ['run-1', 'run-2']],
    ['one run after the other', ['cancel', 'run-1', 'run-'], ['run-1', 'run-2']],
    ['the task of a command', ['task', 'rm', ''], ['nightly']],
    ['the choices of an argument', ['completion', ''], ['bash', 'zsh']],
  ])('offers %s', async (_what, words, expected) => {
    expect(await complete(...words)).toEqual(expected);
  });

  it.each<[string, string[]]>([
    ['where a message stands', ['send', 'run-1', 'r']],
    ['where a file stands', ['task', 'add', '']],
    ['for the value of a flag that may be anything', ['send', '-o', 'r']],
    ['for the value of a flag that there is not', ['send', '--none=']],
    ['after the last argument', ['task', 'rm', 'nightly', '']],
    ['for flags after --', ['send', '--', '--w']],
  ])('offers nothing %s', async (_what, words) => {
    expect(await complete(...words)).toEqual([]);
  });

  it('offers nothing that a shell would not take as a word', async () => {
    expect(await complete('send', '')).toEqual(['@last', 'run-1', 'run-2']);
  });

  it('tells what the words mean', async () => {
    expect(await completeWords(program(), [], 'sen', live)).toEqual([{ word: 'send', about: 'Send a message' }]);
  });
});
