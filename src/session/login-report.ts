import { dirname, join } from 'node:path';
import type { CodexBinary } from '../codex/binary.ts';
import type { LoginReport } from '../contract/event.ts';
import { firstWritable, withAncestors } from '../hosts/writable.ts';
import type { RunContext } from '../task/context.ts';
import type { SessionConfig } from './config.ts';
import type { SessionLogin } from './login.ts';

/** Where the things lie on which the sandbox hangs, and what else it hides. */
export interface LoginPlace extends Pick<RunContext, 'host' | 'logins'> {
  /** All of it is denied, so that no command can rename it, but may be what is above it. */
  readonly dataDir: string;
  readonly binary: CodexBinary;
}

/** What else codex executes of its package for every command. */
const SANDBOX = join('codex-resources', 'bwrap');

/** The saved logins that a command can read that has full access, wherever their key comes from: our process has it. */
export async function savedBeside({ host, logins }: Pick<LoginPlace, 'host' | 'logins'>): Promise<readonly string[]> {
  return host.isLocal ? logins.names() : [];
}

/** What the journal tells of how a login is kept from commands; where there is none, of how those are that are saved here. */
export async function reportLogin(
  { seed, file, give, renew }: SessionLogin,
  config: SessionConfig,
  place: LoginPlace,
): Promise<LoginReport> {
  const kept = file ? 'file' : renew ? 'tokens' : give ? 'memory' : 'nowhere';
  const saved = await savedBeside(place);
  const hasOthers = kept !== 'nowhere' && saved.some((id) => id !== seed?.id);
  const isNothing = kept === 'nowhere' && saved.length === 0;
  return { seed: seed?.id ?? null, kept, gaps: isNothing ? [] : await gapsOf(config, place, hasOthers) };
}

async function gapsOf(config: SessionConfig, place: LoginPlace, hasOthers: boolean): Promise<string[]> {
  const { sandbox, useConfig = [], approvalPolicy } = config;
  const hasServers = useConfig.some((part) => part.startsWith('mcp:'));
  const servers = hasServers ? ['MCP servers of yours run outside of the sandbox'] : [];
  const others = hasOthers ? ', also to the other logins that are saved here' : '';
  if (sandbox === 'danger-full-access') return [`commands have full access${others}`, ...servers];
  // Nobody is asked: no command may write outside of the workspace.
  const replaceable = approvalPolicy === 'never' ? undefined : await findReplaceable(place);
  const approved = `an approved command could replace ${replaceable} or what lies in it, and the next one would run outside of the sandbox`;
  return [...(replaceable === undefined ? [] : [approved]), ...servers];
}

/**
 * Where an accepted command could put something else in the place of what codex executes, or of a directory above our data.
 * Only this machine can be looked at.
 */
async function findReplaceable({ host, dataDir, binary }: LoginPlace): Promise<string | undefined> {
  if (!host.isLocal) return undefined;
  const { uid, gids } = await host.describe();
  const programs = [binary.path, join(binary.packageDir, SANDBOX)];
  const real = (await host.realPath(dataDir)) ?? dataDir;
  const paths = [dirname(real), ...programs].flatMap(withAncestors);
  return firstWritable({ uid, gids }, paths);
}
