import { type Command, InvalidArgumentError, Option } from 'commander';
import type { OptioApi } from '../../contract/api.ts';
import type { NewSeed, SeedVerification, VerifySeed } from '../../contract/seed.ts';
import { reasonInWords } from '../../contract/seed-reason.ts';
import { OptioError } from '../../errors.ts';
import { COMMAND } from '../command.ts';
import { readSeedSource, type SourceFlags } from '../flags/seed-source.ts';
import { readText } from '../input.ts';
import { NO_SEEDS, withNamedSeed } from '../naming/named-seed.ts';
import type { Invocation } from '../program.ts';
import type { Report } from '../report.ts';
import { confirm } from '../terminal/confirm.ts';
import { askSecret } from '../terminal/secret.ts';
import { printable, printableName } from '../terminal/text.ts';
import { type CommonFlags, JSON_FLAG, onApi } from '../verb.ts';
import { seedColumns, seedReasons } from '../views/seed-table.ts';
import { logIn } from '../watching/seed-login.ts';
import { addSeedConfig } from './seed-config.ts';

interface AddFlags extends CommonFlags, SourceFlags {
  readonly apiKey?: boolean;
  readonly browser?: boolean;
  readonly again?: boolean;
  readonly pool?: string;
}

interface RmFlags extends CommonFlags {
  readonly force?: boolean;
  readonly yes?: boolean;
}

/** `seed`: logins that are saved, and lent to runs. */
export function addSeed(program: Command, invocation: Invocation): void {
  const seed = program.command('seed').description('Save logins, and see how they are').usage('<command>');
  seed
    .command('ls')
    .description('List the saved logins: whose they are, how they are, and who uses them')
    .option(...JSON_FLAG)
    .action((flags: CommonFlags) =>
      onApi(invocation, flags, async (api, report) => {
        const seeds = await api.listSeeds();
        report.say({ seeds }, () => [
          ...report.table(seeds, seedColumns(report.now), NO_SEEDS),
          ...seedReasons(seeds, report.width),
        ]);
      }),
    );
  seed
    .command('add')
    .description('Log in with ChatGPT, or save a login that there is, encrypted')
    .argument('<name>', 'what to call it')
    .option(
      '--from <path>',
      'an auth.json that `codex login` has written, or its directory; - reads it from standard input',
    )
    .option('--api-key', 'a key of OpenAI, which is asked for, or read from standard input')
    .option('--browser', 'log in with a browser on the machine of the server, and not with a code')
    .option('--config <file>', 'a config.toml, whose model and the like runs are to have unless they name another')
    .option('--again', 'give a seed that is there a new login of the same account')
    .option('--pool <name>', 'the pool that it belongs to (none)')
    .option(...JSON_FLAG)
    .allowExcessArguments() // what stands there may be a key, and the message about it would tell it
    .action(async (name: string, { from, apiKey = false, browser = false, ...flags }: AddFlags, { args }: Command) => {
      if (args.length > 1) throw tooMuch();
      if ([from !== undefined, apiKey, browser].filter(Boolean).length > 1) throw oneOf();
      const { pool, config, again = false } = flags;
      const source = { ...(from !== undefined && { from }), ...(config !== undefined && { config }) };
      const { seed, told } = await readSeedSource(source, invocation.input);
      const more = { ...seed, ...(pool !== undefined && { pool }), ...(again && { again }) };
      const tell = (report: Report) => {
        if (!report.isJson) for (const line of told) invocation.complaints.write(`${line}\n`);
      };
      if (from === undefined && !apiKey) {
        const method = browser ? 'browser' : 'deviceCode';
        return onApi(invocation, flags, (api, report) => {
          tell(report);
          return logIn(api, { id: name, method, ...more }, report);
        });
      }
      const wanted: NewSeed = { id: name, ...more, ...(apiKey && { apiKey: await readKey(invocation) }) };
      return onApi(invocation, flags, async (api, report) => {
        const added = await api.addSeed(wanted);
        tell(report);
        report.say(added, () => [`${printableName(added.id)} is saved.`]);
        if (!report.isJson && added.kind === 'chatgpt') invocation.complaints.write(ALONE);
      });
    })
    .addHelpText('after', HELP);
  addSeedConfig(seed, invocation);
  seed
    .command('undo')
    .description('Make an earlier content of a saved login the current one again')
    .argument('<name>')
    .option('--to <version>', 'the number of that content (the one before the current)', readVersion)
    .option(...JSON_FLAG)
    .action((name: string, { to, ...flags }: CommonFlags & { readonly to?: number }) =>
      onApi(invocation, flags, async (api, report) => {
        const seed = await withNamedSeed(api, () => api.undoSeed(name, to === undefined ? {} : { to }));
        report.say(seed, () => [`${printableName(seed.id)} is version ${seed.version} now: it ${seed.reason}.`]);
      }),
    );
  seed
    .command('verify')
    .description('Find out whether a saved login is still good, and renew its tokens where that is due')
    .argument('<name>')
    .addOption(new Option('--refresh <when>', 'renew its tokens (stale)').choices(['stale', 'always', 'never']))
    .option(...JSON_FLAG)
    .action((name: string, { refresh, ...flags }: CommonFlags & VerifySeed) =>
      onApi(invocation, flags, async (api, report) => {
        const options = refresh === undefined ? {} : { refresh };
        const found = await withNamedSeed(api, () => api.verifySeed(name, options));
        report.say(found, () => [`${printableName(name)}: ${wordsFor(found)}`]);
        return found.verdict === 'dead' ? 1 : 0;
      }),
    );
  seed
    .command('rm')
    .description('Remove a saved login with all it holds')
    .argument('<name>')
    .option('-f, --force', 'also while somebody uses it, whose changes are lost')
    .option('-y, --yes', 'do not ask')
    .option(...JSON_FLAG)
    .action((name: string, { force = false, yes = false, ...flags }: RmFlags) =>
      onApi(invocation, flags, async (api, report) => {
        if (!yes && !(await isMeant(api, name, invocation))) return 1;
        await withNamedSeed(api, () => api.removeSeed(name, { force }));
        report.say({ seed: name }, () => [`${printableName(name)} is removed.`]);
        return 0;
      }),
    );
}

function wordsFor({ verdict, reason, isRefreshed }: SeedVerification): string {
  const renewed = isRefreshed ? ', and its tokens were renewed' : '';
  return `${verdict}${reason === null ? '' : ` (${printable(reasonInWords(reason))})`}${renewed}.`;
}

/** Whether a person says that this seed is to go; one that is not there is asked of nobody. */
async function isMeant(api: OptioApi, name: string, invocation: Invocation): Promise<boolean> {
  const seed = (await api.listSeeds()).find(({ id }) => id === name);
  if (!seed) return true;
  const whose = seed.account?.email ? ` of ${printableName(seed.account.email)}` : '';
  return confirm(`Remove the login ${printableName(name)}${whose}, and all its versions?`, '--yes', invocation);
}

/** Never from the command line itself, which every user of the machine can read. */
function readKey(invocation: Invocation): Promise<string> {
  const { input } = invocation;
  if (input.isTTY) return askSecret('The key (not shown):', invocation);
  return readText([], input, {
    what: 'key',
    remedy: `Send it: printenv OPENAI_API_KEY | ${COMMAND} seed add work --api-key`,
  });
}

function readVersion(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('A version is a number, such as 3.');
}

function tooMuch(): OptioError {
  return new OptioError('invalid-input', 'there is more on the command line than the name of the seed', {
    remedy:
      'A key is asked for, or read from standard input. One that stood on the command line is known to others: revoke it.',
  });
}

function oneOf(): OptioError {
  return new OptioError('invalid-input', 'say one of --from, --api-key and --browser, or none of them', {
    remedy: `With none one logs in with a code: ${COMMAND} seed add work`,
  });
}

const ALONE =
  'Use this login nowhere else from now on: its refresh token works once. Log in again where you still need one.\n';

const HELP = `
Without --from, --api-key or --browser one logs in with a code, on any device: the address and the code are shown.

Examples:
  ${COMMAND} seed add work
  ${COMMAND} seed add work --again             the login of it is dead, or lost
  ${COMMAND} seed add work --from ~/.codex/auth.json --pool team
  ${COMMAND} seed add work --from ~/.codex     with the model and the like of its config.toml
  printenv OPENAI_API_KEY | ${COMMAND} seed add key --api-key`;
