import { type Command, Option } from 'commander';
import type { ExportFormat } from '../../contract/run-handle.ts';
import { COMMAND } from '../command.ts';
import { writeWhole } from '../file-output.ts';
import { namedRunToRead } from '../naming/named-run.ts';
import type { Invocation } from '../program.ts';
import { printable, printableJson, printableName } from '../terminal/text.ts';
import { type CommonFlags, onApi, RUN_HELP } from '../verb.ts';

interface ExportFlags extends CommonFlags {
  readonly format?: ExportFormat;
  readonly output?: string;
}

/** `export`: a run as a document. */
export function addExport(program: Command, invocation: Invocation): void {
  program
    .command('export')
    .description('Write a whole run as a document')
    .argument('<run>', RUN_HELP)
    .addOption(
      new Option('--format <format>', 'for people (md), or with everything in it (json)').choices(['md', 'json']),
    )
    .option('-o, --output <file>', 'into this file instead of standard output')
    .option('--json', 'the same as --format json')
    .action((name: string, { format, output: file, json = false }: ExportFlags) =>
      onApi(invocation, { json }, async (api) => {
        const chosen = format ?? (json || file?.endsWith('.json') ? 'json' : 'md');
        const pieces = (await namedRunToRead(api, name)).export(chosen);
        if (file !== undefined && file !== '-') {
          await writeWhole(file, pieces);
          invocation.complaints.write(`Written to ${printableName(file)}\n`);
          return;
        }
        const { output } = invocation;
        const safe = chosen === 'json' ? printableJson : printable;
        for await (const piece of pieces) {
          output.write(safe(piece));
          if (output.closed.aborted) return;
          await output.ready();
        }
      }),
    )
    .addHelpText('after', HELP);
}

const HELP = `
Examples:
  ${COMMAND} export @last > run.md
  ${COMMAND} export run-01a21534 -o run.json`;
