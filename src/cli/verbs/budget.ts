import type { Command } from 'commander';
import type { Budget } from '../../contract/budget.ts';
import { COMMAND } from '../command.ts';
import { addBudgetFlags, type BudgetFlags, toBudget } from '../flags/launch-flags.ts';
import { namedRun } from '../naming/named-run.ts';
import type { Invocation } from '../program.ts';
import { type CommonFlags, JSON_FLAG, onApi, RUN_HELP } from '../verb.ts';
import { describeBudget } from '../views/run-table.ts';

interface AllFlags extends CommonFlags, BudgetFlags {}

/** `budget`: how much a run may use. */
export function addBudget(program: Command, invocation: Invocation): void {
  const command = program
    .command('budget')
    .description('Change how much a run may use, in all; without flags, show it')
    .argument('<run>', RUN_HELP);
  addBudgetFlags(command)
    .option(...JSON_FLAG)
    .action((name: string, flags: AllFlags) =>
      onApi(invocation, flags, async (api, report) => {
        const run = await namedRun(api, name);
        const more = toBudget(flags);
        if (more) await run.raiseBudget(more);
        const { budget } = await run.details();
        report.say({ run: run.id, budget }, () => [linesOf(budget)]);
      }),
    )
    .addHelpText('after', HELP);
}

function linesOf(budget: Budget | null): string {
  const limits = budget && describeBudget(budget);
  return limits ? `It may use ${limits}.` : 'It may use as much as it likes.';
}

const HELP = `
Examples:
  ${COMMAND} budget @last
  ${COMMAND} budget @last --turns 20 --minutes 90

A run that its budget has paused goes on when that is enough.`;
