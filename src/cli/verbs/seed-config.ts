import { type Command, Option } from 'commander';
import { COMMAND } from '../command.ts';
import { readSettings } from '../flags/seed-source.ts';
import { withNamedSeed } from '../naming/named-seed.ts';
import type { Invocation } from '../program.ts';
import { printableName } from '../terminal/text.ts';
import { type CommonFlags, JSON_FLAG, onApi } from '../verb.ts';

interface ConfigFlags extends CommonFlags {
  readonly set?: string;
  readonly clear?: boolean;
}

/** `seed config`: what runs have that are lent a seed, unless they say otherwise. */
export function addSeedConfig(seed: Command, invocation: Invocation): void {
  seed
    .command('config')
    .description('Show the settings of a saved login, or give it others')
    .argument('<name>')
    .addOption(new Option('--set <file>', 'a config.toml, in the place of all it has').conflicts('clear'))
    .option('--clear', 'take all of them away')
    .option(...JSON_FLAG)
    .action(async (name: string, { set, clear = false, ...flags }: ConfigFlags) => {
      if (set === undefined && !clear) return show(name, flags, invocation);
      const { content, dropped, told } =
        set === undefined ? { content: '', dropped: [], told: [] } : await readSettings(set);
      return onApi(invocation, flags, async (api, report) => {
        const saved = await withNamedSeed(api, () => api.setSeedConfig(name, { config: content }));
        if (!report.isJson) for (const line of told) invocation.complaints.write(`${line}\n`);
        const has = saved.config === '' ? 'has no settings' : 'has these settings';
        report.say({ ...saved, dropped }, () => [`${printableName(name)} ${has} now, in version ${saved.version}.`]);
      });
    })
    .addHelpText('after', HELP);
}

function show(name: string, flags: CommonFlags, invocation: Invocation): Promise<void> {
  return onApi(invocation, flags, async (api, report) => {
    const found = await withNamedSeed(api, () => api.seedConfig(name));
    // As it stands it can be changed in an editor, and given back.
    report.say(found, () => [found.config.trimEnd() || `${printableName(name)} has no settings.`]);
  });
}

const HELP = `
Of a config.toml the harmless settings are kept, and it says which. Runs that are under way keep theirs.

Examples:
  ${COMMAND} seed config work
  ${COMMAND} seed config work --set ~/.codex/config.toml
  ${COMMAND} seed config work --clear`;
