import { type Command, Option } from 'commander';
import { ROLES, type Role } from '../../contract/role.ts';
import type { TokenInfo } from '../../contract/token.ts';
import { COMMAND } from '../command.ts';
import { readDuration } from '../flags/flag-values.ts';
import { namedToken, TOKEN_HELP } from '../naming/named-token.ts';
import type { Invocation } from '../program.ts';
import type { Column } from '../terminal/table.ts';
import { printableName } from '../terminal/text.ts';
import { when } from '../terminal/time.ts';
import { type CommonFlags, JSON_FLAG, onApi } from '../verb.ts';

interface AddFlags extends CommonFlags {
  readonly role: Role;
  readonly expires?: number;
}

/** `token`: who may come in over HTTP. */
export function addToken(program: Command, invocation: Invocation): void {
  const token = program.command('token').description('Say who may use the API of the server').usage('<command>');
  token
    .command('ls')
    .description('List who may come in, besides whoever can read the data directory')
    .option(...JSON_FLAG)
    .action((flags: CommonFlags) =>
      onApi(invocation, flags, async (api, report) => {
        const tokens = await api.tokens();
        report.say({ tokens }, () => report.table(tokens, columnsOf(report.now), EMPTY));
      }),
    );
  token
    .command('add')
    .description('Let somebody in; the secret is told this once, on standard output')
    .argument('<name>', 'stands in the record of what is done with it')
    .addOption(new Option('--role <role>', 'what they may do').choices(ROLES).makeOptionMandatory())
    .option('--expires <duration>', 'for how long it holds, such as 30d (for ever)', readDuration)
    .option(...JSON_FLAG)
    .action((name: string, { role, expires, ...flags }: AddFlags) =>
      onApi(invocation, flags, async (api, report) => {
        const created = await api.createToken({ name, role, ...(expires !== undefined && { ttlMs: expires }) });
        report.say(created, () => [printableName(created.secret)]);
        if (report.isJson) return;
        const until = created.expiresAt ? `, ends ${when(created.expiresAt, report.now)}` : '';
        invocation.complaints.write(
          `${created.id} (${created.role}${until}): keep the secret, it is told this once.\n`,
        );
      }),
    )
    .addHelpText('after', HELP);
  token
    .command('rm')
    .description('Let somebody in no more')
    .argument('<token>', TOKEN_HELP)
    .option(...JSON_FLAG)
    .action((given: string, flags: CommonFlags) =>
      onApi(invocation, flags, async (api, report) => {
        const { id, name } = await namedToken(api, given);
        await api.removeToken(id);
        report.say({ token: id }, () => [`${printableName(`${id} (${name})`)} lets nobody in any more.`]);
      }),
    );
}

function columnsOf(now: number): Column<TokenInfo>[] {
  return [
    { title: 'TOKEN', cell: ({ id }) => id, matters: 5 },
    { title: 'NAME', cell: ({ name }) => name, look: (_token, style) => style.strong, matters: 4, least: 10 },
    { title: 'ROLE', cell: ({ role }) => role, matters: 3 },
    { title: 'MADE', cell: ({ createdAt }) => when(createdAt, now), matters: 1 },
    { title: 'ENDS', cell: ({ expiresAt }) => (expiresAt ? when(expiresAt, now) : 'never'), matters: 2 },
  ];
}

const EMPTY = `Nobody but whoever can read the data directory. Let somebody in: ${COMMAND} token add NAME --role viewer`;

const HELP = `
A viewer sees everything and changes nothing; an operator launches, answers and stops; an admin also decides who may come
in, and what is not confined.

Examples:
  ${COMMAND} token add dashboard --role viewer
  TOKEN=$(${COMMAND} token add ci --role operator --expires 30d)`;
