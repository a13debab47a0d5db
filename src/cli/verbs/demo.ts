import type { Command } from 'commander';
import type { Outlet } from '../outlet.ts';
import type { Invocation } from '../program.ts';
import { styleFor } from '../terminal/style.ts';
import { onApi } from '../verb.ts';
import { watchRun } from '../watching/watch.ts';

/** Between the pieces of what the scripted model says, so that one can follow. */
const PACE_MS = 25;

interface DemoFlags {
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** `demo`: a whole session of the real codex, against a model that follows a script. */
export function addDemo(program: Command, invocation: Invocation): void {
  program
    .command('demo')
    .description('Show a whole session of the real codex, without an account')
    .option('-y, --yes', 'allow what is asked for')
    .option('--json', "print the journal's events as JSON lines")
    .action(async ({ yes = false, json = false }: DemoFlags) => {
      const { output, complaints } = invocation;
      const paceMs = output.isTerminal && !json ? PACE_MS : 0;
      const watching = { output, complaints, json, yes, endsWithTurn: true };
      await onApi(invocation, { json }, async (api) => {
        if (!json) introduce(output);
        return watchRun(await api.demo({ paceMs }), watching);
      });
    });
}

function introduce(output: Outlet): void {
  const { strong, quiet } = styleFor({ isTTY: output.isTerminal });
  const said = 'The model of this demo is scripted: no account, no cost.';
  output.write(`${strong(said)} ${quiet('Codex and its sandbox are real.')}\n`);
}
