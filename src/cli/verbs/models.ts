import type { Command } from 'commander';
import type { ModelInfo } from '../../contract/model-info.ts';
import type { Invocation } from '../program.ts';
import type { Column } from '../terminal/table.ts';
import { type CommonFlags, JSON_FLAG, onApi } from '../verb.ts';

/** `models`: what `--model` may be. */
export function addModels(program: Command, invocation: Invocation): void {
  program
    .command('models')
    .description('List the models that Codex offers')
    .option(...JSON_FLAG)
    .action((flags: CommonFlags) =>
      onApi(invocation, flags, async (api, report) => {
        const models = await api.models();
        report.say({ models }, () => report.table(models, COLUMNS, 'Codex offers none. Any model is taken by name.'));
      }),
    );
}

const COLUMNS: readonly Column<ModelInfo>[] = [
  { title: 'MODEL', cell: ({ id }) => id, look: (_model, style) => style.strong, matters: 5 },
  { title: 'DEFAULT', cell: ({ isDefault }) => (isDefault ? 'yes' : ''), matters: 3 },
  { title: 'EFFORTS', cell: effortsOf, matters: 4, least: 10 },
  { title: 'NAME', cell: ({ id, name }) => (name === id ? '' : name), matters: 1 },
  {
    title: 'ABOUT',
    cell: ({ description }) => description,
    look: (_model, style) => style.quiet,
    matters: 2,
    least: 20,
  },
];

function effortsOf({ efforts, defaultEffort }: ModelInfo): string {
  return efforts.map((effort) => (effort === defaultEffort ? `${effort} (default)` : effort)).join(', ');
}
