import { readFileSync, realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { AllowedDir, RunSpec } from '../../contract/run-spec.ts';
import { OptioError } from '../../errors.ts';
import { collect, readCount } from './flag-values.ts';
import { addLaunchFlags, DETACH_FLAG, type FollowFlags, type LaunchFlags, type RetryFlags } from './launch-flags.ts';
import { addSeedFlags, SEED_FLAGS, type SeedFlags, toSeedSpec } from './seed-flags.ts';

/** The flags of `run`, as Commander gives them. */
export interface RunFlags extends FollowFlags, LaunchFlags, RetryFlags, SeedFlags {
  readonly cd?: string;
  readonly fresh?: boolean;
  readonly worktree?: boolean;
  readonly share?: boolean;
  readonly model?: string;
  readonly effort?: string;
  readonly sandbox?: NonNullable<RunSpec['sandbox']>;
  readonly strict?: boolean;
  readonly network?: true | string[];
  readonly allowDir?: AllowedDir[];
  readonly denyPath?: string[];
  readonly image?: string[];
  readonly outputSchema?: string;
  readonly approve?: NonNullable<RunSpec['approvalPolicy']>;
  readonly provider?: string;
  readonly providerKey?: string;
  readonly contextWindow?: number;
  readonly useConfig?: string[];
  readonly exposeLogin?: boolean;
  readonly codex?: string;
  readonly json?: boolean;
  readonly wait?: boolean;
  readonly stay?: boolean;
}

/** Declares the flags of `run`. */
export function addRunFlags(command: Command): Command {
  command
    .optionsGroup('How it goes on:')
    .option(...DETACH_FLAG)
    .option('--stay', 'wait for more messages after the first turn, until it is finished');
  addLaunchFlags(command).option('--attempts <number>', 'how often it is tried when it fails (1)', readCount);
  command
    .optionsGroup('Where it works:')
    .option('-C, --cd <dir>', 'in this directory, and not in the current one')
    .option('--fresh', 'in a new, empty directory')
    .option('--worktree', 'in a git worktree; the work ends as a commit on a branch of its own')
    .option('--share', 'in this directory although another run works here')
    .optionsGroup('Which model:')
    .option('-m, --model <name>', 'the model')
    .option('-e, --effort <level>', 'how hard it thinks, for example low, medium, high')
    .option(
      '--provider <url>',
      'another provider that speaks the Responses API, for example http://127.0.0.1:11434/v1; it needs --model',
    )
    .option('--provider-key <variable>', 'the variable of your environment that holds its key')
    .option('--context-window <tokens>', "the model's context window, for models that Codex does not know", readTokens)
    .option('--use-config <names>', 'take over from your own config.toml: model, effort, mcp:NAME', readList);
  return addSeedFlags(command)
    .optionsGroup('What it may do:')
    .addOption(
      new Option('--sandbox <mode>', 'how commands are confined').choices([
        'read-only',
        'workspace-write',
        'danger-full-access',
      ]),
    )
    .option('--strict', 'only the system, the workspace and the listed directories exist for commands')
    .option('--network [hosts]', 'the network for commands: all of it, or these hosts only (a.org,*.b.org)', readHosts)
    .option('--allow-dir <dir>', 'another directory that may be written; DIR:ro only to read (repeatable)', collectDir)
    .option('--deny-path <path>', 'another path that no command may read (repeatable)', collect)
    .addOption(new Option('--approve <when>', 'when to ask you').choices(['untrusted', 'on-request', 'never']))
    .option('--wait', 'without a terminal, leave what is asked to somebody who answers elsewhere, as -d does')
    .option(
      '--expose-login',
      'insist on full access although the agent can then read the login of the run, and all saved ones',
    )
    .optionsGroup('What goes in and comes out:')
    .option('-i, --image <file>', 'a picture to go with the message (repeatable)', collect)
    .option('--output-schema <file>', 'a JSON schema that the answer has to follow')
    .option('--json', "print the journal's events as JSON lines")
    .optionsGroup('For finding faults:')
    .option('--codex <binary>', 'another codex binary than the pinned one');
}

/** By which flag a field of the spec is said. */
const FLAGS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    model: '--model',
    reasoningEffort: '--effort',
    sandbox: '--sandbox',
    isolation: '--strict',
    networkAccess: '--network',
    allowedDirs: '--allow-dir',
    deniedPaths: '--deny-path',
    approvalPolicy: '--approve',
    exposeLogin: '--expose-login',
    images: '--image',
    outputSchema: '--output-schema',
    provider: '--provider',
    'provider.keyVariable': '--provider-key',
    'provider.contextWindow': '--context-window',
    useConfig: '--use-config',
    codexBinary: '--codex',
    ...SEED_FLAGS,
    name: '--name',
    metadata: '--tag',
    priority: '--priority',
    budget: '--turns, --tokens, --minutes',
    retry: '--attempts',
  }),
);

/** The flag by which a field of the spec is said; undefined where there is none. */
export function flagOf(field: string): string | undefined {
  const name = withoutSpec(field);
  return FLAGS.get(name) ?? FLAGS.get(name.split('.')[0] ?? '');
}

/** A field of a spec, also as the server names it by its place in a request. */
function withoutSpec(field: string): string {
  return field.replace(/^spec\./, '');
}

/** Makes a spec of the flags. Throws `invalid-input`, `invalid-config`. */
export function toRunSpec(instructions: string, flags: RunFlags, cwd: string): RunSpec {
  return {
    instructions,
    autoStart: true,
    endRule: flags.stay ? 'told' : 'firstTurn',
    workspace: toWorkspace(flags, cwd),
    permissionGate: flags.approve !== 'never',
    ...(flags.approve && { approvalPolicy: flags.approve }),
    ...(flags.model && { model: flags.model }),
    ...(flags.effort && { reasoningEffort: flags.effort }),
    ...(flags.sandbox && { sandbox: flags.sandbox }),
    ...(flags.strict && { isolation: 'strict' as const }),
    ...(flags.network !== undefined && { networkAccess: flags.network }),
    ...(flags.allowDir && { allowedDirs: flags.allowDir.map((dir) => ({ ...dir, path: absolute(dir.path, cwd) })) }),
    ...(flags.denyPath && { deniedPaths: flags.denyPath.map((path) => absolute(path, cwd)) }),
    ...(flags.image && { images: flags.image.map((path) => realPathOf(resolve(cwd, path))) }),
    ...(flags.outputSchema && { outputSchema: readSchema(resolve(cwd, flags.outputSchema)) }),
    ...(flags.useConfig && { useConfig: flags.useConfig }),
    ...(flags.exposeLogin && { exposeLogin: true }),
    ...(flags.codex && { codexBinary: resolve(cwd, flags.codex) }),
    ...toSeedSpec(flags),
    ...toProvider(flags),
  };
}

/** A picture is read over no link: what somebody names here may be one, or lie behind one. */
function realPathOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path; // that it is not there the server says
  }
}

function toWorkspace({ cd, fresh, worktree, share }: RunFlags, cwd: string): RunSpec['workspace'] {
  if (fresh && worktree) {
    throw new OptioError('invalid-input', '--fresh and --worktree exclude each other', {
      remedy: 'Leave out one of them.',
    });
  }
  if (share && (fresh || worktree)) {
    throw new OptioError('invalid-input', '--share is for a directory that is there already', {
      remedy: `Leave out --share or ${fresh ? '--fresh' : '--worktree'}.`,
    });
  }
  if (fresh && cd !== undefined) {
    throw new OptioError('invalid-input', '--fresh and -C exclude each other', { remedy: 'Leave out one of them.' });
  }
  if (fresh) return { fresh: true };
  const directory = resolve(cwd, cd ?? '');
  return worktree ? { worktree: directory } : { directory, ...(share && { shared: true }) };
}

function toProvider({ provider, providerKey, contextWindow, model, useConfig }: RunFlags): Pick<RunSpec, 'provider'> {
  if (!provider) {
    const orphan = providerKey ? '--provider-key' : contextWindow ? '--context-window' : undefined;
    if (!orphan) return {};
    throw new OptioError('invalid-input', `${orphan} belongs to --provider`, { remedy: 'Name the provider too.' });
  }
  if (!model && !useConfig?.includes('model')) {
    throw new OptioError('invalid-input', '--provider needs a model', {
      remedy: 'Add --model NAME: the provider does not choose one by itself.',
    });
  }
  return {
    provider: {
      baseUrl: provider,
      ...(providerKey && { keyVariable: providerKey }),
      ...(contextWindow && { contextWindow }),
    },
  };
}

function readSchema(file: string): Record<string, unknown> {
  try {
    const schema: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof schema === 'object' && schema !== null && !Array.isArray(schema))
      return schema as Record<string, unknown>;
    throw new Error('it is not an object');
  } catch (cause) {
    const { message, code } = cause as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? `there is no ${file}` : `${file} is not a valid JSON schema: ${message}`;
    throw new OptioError('invalid-input', `--output-schema: ${why}`, {
      cause,
      remedy: 'Name a file that holds a JSON object, such as {"type": "object"}.',
    });
  }
}

function absolute(path: string, cwd: string): string {
  return path.startsWith('~/') ? path : resolve(cwd, path);
}

/** Commander gives the next word to a flag with an optional value, and that may be the message. */
function readHosts(value: string): string[] {
  const hosts = readList(value);
  const bad = hosts.find((host) => !/^[\w*.-]+$/.test(host));
  if (bad === undefined) return hosts;
  const url = URL.canParse(bad) ? new URL(bad) : undefined;
  if (url?.hostname) throw new InvalidArgumentError(`Give the host only: ${url.hostname}.`);
  if (/\s/.test(bad)) throw new InvalidArgumentError(takenAsHost(value));
  throw new InvalidArgumentError(`"${bad}" is not a valid host.`);
}

/** What to say of a message that was taken for the hosts of --network. */
export function takenAsHost(value: string): string {
  return `\`${value}\` was taken as a host for --network; put the message before it, or write --network=HOSTS.`;
}

function readList(value: string): string[] {
  return value.split(',').map((part) => part.trim());
}

function readTokens(value: string): number {
  const tokens = Number(value);
  if (Number.isInteger(tokens) && tokens > 0) return tokens;
  throw new InvalidArgumentError(`"${value}" is not a valid number of tokens.`);
}

function collectDir(value: string, earlier: AllowedDir[] = []): AllowedDir[] {
  const [, path = value, mode = 'rw'] = /^(.*?)(?::(ro|rw|rox|rwx))?$/.exec(value) ?? [];
  return [...earlier, { path, mode: mode as AllowedDir['mode'] }];
}
