import { text } from 'node:stream/consumers';
import type { Command } from 'commander';
import { OptioError } from '../../errors.ts';
import { COMMAND } from '../command.ts';
import { toRunOptions } from '../flags/launch-flags.ts';
import { checkRunPaths, otherMachine } from '../flags/other-machine.ts';
import { addRunFlags, type RunFlags, takenAsHost, toRunSpec } from '../flags/run-flags.ts';
import { withSettings } from '../flags/run-settings.ts';
import type { Invocation } from '../program.ts';
import { onApi } from '../verb.ts';
import { followRun } from '../watching/follow.ts';
import { watchRun } from '../watching/watch.ts';

/** `run`: one task, here and now. */
export function addRun(program: Command, invocation: Invocation): void {
  const command = program
    .command('run')
    .description('Give Codex a task and watch it work')
    .argument('[message...]', 'what to do; "-" or nothing reads it from standard input')
    .action(async (words: string[], given: RunFlags) => {
      const message = await readMessage(words, given);
      const flags = withSettings(given, invocation.settings());
      const spec = toRunSpec(message, flags, process.cwd());
      const { output, complaints, settings } = invocation;
      const { detach = false, json = false, wait: waits = false } = flags;
      await onApi(invocation, flags, async (api, report) => {
        const machine = await otherMachine(api, invocation);
        if (machine !== undefined) checkRunPaths(flags, machine);
        const run = await api.run(spec, toRunOptions(flags));
        if (detach) return followRun(run, invocation, report, flags);
        return watchRun(run, { output, complaints, settings, json, waits, endsWithTurn: spec.endRule === 'firstTurn' });
      });
    });
  addRunFlags(command).addHelpText('after', HELP);
}

async function readMessage(words: readonly string[], { network }: RunFlags): Promise<string> {
  const typed = words.join(' ').trim();
  if (typed !== '' && typed !== '-') return typed;
  const isMissing = typed === '' && (words.length > 0 || process.stdin.isTTY);
  const piped = isMissing ? '' : (await text(process.stdin)).trim();
  if (piped !== '') return piped;
  if (words.length === 0 && Array.isArray(network)) {
    throw new OptioError('invalid-input', 'there is nothing to do', { remedy: takenAsHost(network.join(',')) });
  }
  if (isMissing) {
    throw new OptioError('invalid-input', 'there is nothing to do', {
      remedy: `Say it: ${COMMAND} run "Explain this repository"`,
    });
  }
  throw new OptioError('invalid-input', 'standard input holds no message', {
    remedy: `Say it there, or as an argument: ${COMMAND} run "Explain this repository"`,
  });
}

const HELP = `
Examples:
  ${COMMAND} run "Explain this repository" --sandbox read-only
  ${COMMAND} run --fresh --network api.example.org "Make a small web server with tests"
  ${COMMAND} run --provider http://127.0.0.1:11434/v1 --model qwen3-coder "Write a README"
  ${COMMAND} run -d --name docs --tag team=red "Update the docs"
  ${COMMAND} run --output-schema answer.json --json < question.md > events.jsonl

At a terminal it is a conversation: type to steer the turn; /help tells what else there is. Ctrl-C
interrupts the turn; pressed again it leaves, and the run goes on.
Without a terminal nothing can be approved: what needs permission is declined, unless -d or
--wait leaves it to somebody who answers elsewhere. A signal interrupts the turn, and thereby ends the run; a second
one leaves, as a closed output does.`;
