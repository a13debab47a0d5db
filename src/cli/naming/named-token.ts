import type { OptioApi } from '../../contract/api.ts';
import type { TokenInfo } from '../../contract/token.ts';
import { OptioError } from '../../errors.ts';
import { COMMAND } from '../command.ts';
import { oneLine, printableName } from '../terminal/text.ts';

/** What a TOKEN on the command line may be, for the help. */
export const TOKEN_HELP = 'its id, the beginning of it, or its name';

const PREFIX = 'token-';
/** Fewer characters would name a token by accident. */
const MIN_BEGINNING = 4;
const MAX_NAME = 50;

/**
 * The token that somebody has named, by its id or the beginning of it (`token-` may be left out), or by its name. Throws
 * `not-found`, and `invalid-input` where it may be one of several; the remedy lists which there are.
 */
export async function namedToken(api: OptioApi, name: string): Promise<TokenInfo> {
  const tokens = await api.tokens();
  const beginning = name.startsWith(PREFIX) ? name : PREFIX + name;
  const isLong = beginning.length >= PREFIX.length + MIN_BEGINNING;
  const ways = [
    tokens.filter(({ id }) => id === name),
    tokens.filter((token) => token.name === name),
    tokens.filter(({ id }) => isLong && id.startsWith(beginning)),
  ];
  const [only, ...others] = ways.find((meant) => meant.length > 0) ?? [];
  if (!only) {
    const none = `Nobody has one yet: ${COMMAND} token add NAME --role viewer`;
    throw new OptioError('not-found', `there is no token ${name}`, {
      remedy: tokens.length > 0 ? listOf('There are:', tokens) : none,
    });
  }
  if (others.length === 0) return only;
  throw new OptioError('invalid-input', `more than one token may be meant by ${name}`, {
    remedy: listOf('Name one of them by its id:', [only, ...others]),
  });
}

function listOf(title: string, tokens: readonly TokenInfo[]): string {
  const lines = tokens.map(({ id, name, role }) => `  ${printableName(id)}  ${role}  ${oneLine(name, MAX_NAME)}`);
  return [title, ...lines].join('\n');
}
