import type { Command } from 'commander';
import type { LaunchBlock } from '../../contract/group.ts';
import { OptioError } from '../../errors.ts';
import { COMMAND } from '../command.ts';
import { collectPair } from '../flags/flag-values.ts';
import type { Invocation } from '../program.ts';
import type { Column } from '../terminal/table.ts';
import { printableName } from '../terminal/text.ts';
import { when } from '../terminal/time.ts';
import { type CommonFlags, JSON_FLAG, onApi } from '../verb.ts';

interface BlockFlags extends CommonFlags {
  readonly tag?: Record<string, string>;
  readonly reason: string;
  readonly persist?: boolean;
  readonly key?: string;
}

/** `block`, `blocks`, `unblock`: what may not be launched for now. */
export function addBlocks(program: Command, invocation: Invocation): void {
  program
    .command('block')
    .description('Refuse launches, until it is taken back')
    .requiredOption('--reason <text>', 'why, for whoever is refused')
    .option('--tag <name=value>', 'only of runs with this tag (repeatable: with all of them)', collectPair)
    .option('--persist', 'also after a restart of the server')
    .option('--key <key>', 'make one block, however often this is called with the same key')
    .option(...JSON_FLAG)
    .action(({ tag, reason, persist = false, key, ...flags }: BlockFlags) =>
      onApi(invocation, flags, async (api, report) => {
        const options = { reason, persist, ...(key !== undefined && { idempotencyKey: key }) };
        const block = await api.block(tag ? { metadata: tag } : {}, options);
        report.say(dataOf(block), () => [`${block.id}: to take it back, ${COMMAND} unblock ${block.id}`]);
      }),
    )
    .addHelpText('after', HELP);
  program
    .command('blocks')
    .description('List what may not be launched for now')
    .option(...JSON_FLAG)
    .action((flags: CommonFlags) =>
      onApi(invocation, flags, async (api, report) => {
        const blocks = await api.blocks();
        report.say({ blocks: blocks.map(dataOf) }, () =>
          report.table(blocks, columnsOf(report.now), 'Everything may be launched.'),
        );
      }),
    );
  program
    .command('unblock')
    .description('Take a block back')
    .argument('<block>', 'its id, or the beginning of it')
    .option(...JSON_FLAG)
    .action((name: string, flags: CommonFlags) =>
      onApi(invocation, flags, async (api, report) => {
        const block = named(await api.blocks(), name);
        await block.release();
        report.say({ block: block.id }, () => [`${block.id} holds no more.`]);
      }),
    );
}

function named(blocks: readonly LaunchBlock[], name: string): LaunchBlock {
  const meant = blocks.filter(({ id }) => id.startsWith(name));
  const [only] = meant;
  const one = blocks.find(({ id }) => id === name) ?? (meant.length === 1 ? only : undefined);
  if (one) return one;
  const listed = (meant.length > 0 ? meant : blocks).map(({ id, reason }) => `  ${id}  ${reason}`);
  throw new OptioError(
    only ? 'invalid-input' : 'not-found',
    only ? `${name} may be one of several` : `there is no block ${name}`,
    {
      remedy: listed.length > 0 ? ['There are:', ...listed].join('\n') : 'Everything may be launched.',
    },
  );
}

function dataOf({ id, metadata, reason, createdAt, isPersistent }: LaunchBlock) {
  return { id, metadata, reason, createdAt, isPersistent };
}

function columnsOf(now: number): Column<LaunchBlock>[] {
  return [
    { title: 'BLOCK', cell: ({ id }) => id, matters: 5 },
    { title: 'RUNS', cell: tagsOf, matters: 4, least: 8 },
    { title: 'REASON', cell: ({ reason }) => reason, look: (_block, style) => style.strong, matters: 3, least: 10 },
    { title: 'HOLDS', cell: ({ isPersistent }) => (isPersistent ? 'over restarts' : 'until a restart'), matters: 1 },
    { title: 'MADE', cell: ({ createdAt }) => when(createdAt, now), look: (_block, style) => style.quiet, matters: 2 },
  ];
}

function tagsOf({ metadata }: LaunchBlock): string {
  return (
    printableName(
      Object.entries(metadata)
        .map((pair) => pair.join('='))
        .join(', '),
    ) || 'all'
  );
}

const HELP = `
Examples:
  ${COMMAND} block --reason "the release is on"
  ${COMMAND} block --tag team=red --persist --reason "no budget this month"`;
