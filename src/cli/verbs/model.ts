import type { Command } from 'commander';
import { COMMAND } from '../command.ts';
import { namedRun } from '../naming/named-run.ts';
import type { Invocation } from '../program.ts';
import { printableName } from '../terminal/text.ts';
import { type CommonFlags, JSON_FLAG, onApi, RUN_HELP } from '../verb.ts';

interface ModelFlags extends CommonFlags {
  readonly effort?: string;
}

/** `model`: what thinks in a run, and how hard. */
export function addModel(program: Command, invocation: Invocation): void {
  program
    .command('model')
    .description('Choose the model of a run for the turns to come; without a name, show it')
    .argument('<run>', RUN_HELP)
    .argument('[name]', 'the model')
    .option('-e, --effort <level>', 'how hard it thinks, for example low, medium, high')
    .option(...JSON_FLAG)
    .action((name: string, model: string | undefined, flags: ModelFlags) =>
      onApi(invocation, flags, async (api, report) => {
        const run = await namedRun(api, name);
        if (model !== undefined) await run.requestModelChange(model);
        if (flags.effort !== undefined) await run.requestEffortChange(flags.effort);
        if (model !== undefined || flags.effort !== undefined) {
          const chosen = [model, flags.effort].filter((word) => word !== undefined).join(', ');
          const data = { run: run.id, ...(model && { model }), ...(flags.effort && { effort: flags.effort }) };
          report.say(data, () => [`From the next turn on: ${printableName(chosen)}`]);
          return;
        }
        const { digest } = await run.details();
        const said = [digest.model, digest.effort].filter((word) => word !== null).join(', ');
        report.say({ run: run.id, model: digest.model, effort: digest.effort }, () => [
          said ? printableName(said) : 'It has not begun with any model yet.',
        ]);
      }),
    )
    .addHelpText('after', HELP);
}

const HELP = `
Examples:
  ${COMMAND} model @last gpt-5.5 --effort high
  ${COMMAND} models                              which ones there are`;
