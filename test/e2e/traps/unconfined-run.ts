// Lets the real codex, without anything of ours around it, run commands that nothing confines, and prints what came of
// it. A program of its own, so that it is never run as root: `unconfined-run.ts ROOT WHAT BINARY`.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { stringify } from 'smol-toml';
import { CodexConversation } from '../../../src/codex/conversation.ts';
import type { CodexConversationOptions } from '../../../src/codex/conversation-options.ts';
import { launchCodex } from '../../../src/codex/launch.ts';
import { LocalHost } from '../../../src/hosts/local.ts';
import { type CallStep, ScriptedModel, say, shell } from '../../../src/testing/index.ts';
import { haltDuringCommands } from './halted.ts';

const KEY = 'CANARY-key-of-the-provider';
/** Prints what codex, whose child every command is, has in its environment and in its arguments. */
const READ_CODEX = 'cat /proc/$PPID/environ /proc/$PPID/cmdline | tr "\\0" "\\n"';
/** As often as it may take: whether codex sees that a command was denied something is a race also within 150 ms. */
const MANY = 20;

interface Talk {
  readonly root: string;
  readonly binary: string;
  readonly commands: (number: number) => CallStep | undefined;
  readonly config?: object;
  readonly env?: Readonly<Record<string, string>>;
  readonly conversation?: Partial<CodexConversationOptions>;
  /** Codex stands still while a command runs. */
  readonly isHalted?: boolean;
}

interface Talked {
  /** What the model got of each command. */
  readonly outputs: readonly string[];
  /** What each request said of the sandbox; all were accepted. */
  readonly sandboxed: readonly string[];
}

/** One turn, in which the model runs one command after the other until there is none. */
async function talk({ root, binary, commands, config, env, isHalted, conversation: options }: Talk): Promise<Talked> {
  const [home, workspace] = [join(root, 'home'), join(root, 'workspace')];
  for (const directory of [home, workspace]) mkdirSync(directory, { recursive: true });
  const model = await ScriptedModel.start({ script: ({ number }) => [commands(number) ?? say('done')] });
  const provider = { name: 'scripted', base_url: model.url, wire_api: 'responses' };
  const scripted = { model: 'scripted', model_provider: 'scripted', model_providers: { scripted: provider } };
  writeFileSync(join(home, 'config.toml'), stringify({ ...scripted, ...config }));
  const host = new LocalHost({ home });
  const all = { PATH: process.env.PATH ?? '', HOME: home, ...env };
  const place = { host, binary, codexHome: home, cwd: home, env: all, session: `unconfined-${process.pid}` } as const;
  const codex = await launchCodex({ ...place, over: 'streams' });
  const conversation = new CodexConversation({ cwd: workspace, ...options });
  const sandboxed: string[] = [];
  conversation.onPermissionRequest((request) => {
    sandboxed.push(request.sandboxed);
    return { behavior: 'allow' };
  });
  conversation.attach(codex.link);
  void conversation.runReader();
  await conversation.bootstrap();
  const letGo = isHalted ? haltDuringCommands(codex.process.identity.pid) : undefined;
  await (await conversation.send('go')).completed;
  await letGo?.();
  await codex.stop();
  await model.close();
  return { outputs: model.requests.at(-1)?.outputs ?? [], sandboxed };
}

const inTurn = (...commands: string[]) => {
  return (number: number) => (commands[number - 1] === undefined ? undefined : shell(commands[number - 1] ?? ''));
};

const SCENES = {
  /** A key in the environment of codex, or given to it by a call, and what commands with full access see of it. */
  async key(root: string, binary: string) {
    const talkWith = async (more: Partial<Talk>) => {
      const { outputs } = await talk({
        root,
        binary,
        commands: inTurn('env', READ_CODEX),
        ...more,
        config: {
          features: { shell_snapshot: false },
          shell_environment_policy: { inherit: 'core' },
          cli_auth_credentials_store: 'ephemeral',
        },
        conversation: { sandbox: 'danger-full-access', ...more.conversation },
      });
      const [env = '', ofCodex = ''] = outputs;
      // Whatever else there is, this is in both.
      return [env, ofCodex].map((text) => ({ isRead: text.includes('HOME='), hasKey: text.includes(KEY) }));
    };
    return {
      fromEnvironment: await talkWith({ env: { PROVIDER_KEY: KEY } }),
      fromCall: await talkWith({ conversation: { login: { type: 'apiKey', apiKey: KEY } } }),
    };
  },

  /** A plain command that is accepted under `untrusted`, and that the sandbox denies something. */
  async retry(root: string, binary: string) {
    const tryUnder = async (name: string, config: object) => {
      const made = join(root, `made-${name}`);
      const tries = join(root, 'workspace', `tries-${name}`);
      const command = `echo try >> '${tries}' && touch '${made}'`;
      const { sandboxed } = await talk({
        root,
        binary,
        config,
        isHalted: true,
        commands: (number) => (existsSync(made) || number > MANY ? undefined : shell(command)),
        conversation: { sandbox: null, permissionGate: true, approvalPolicy: 'untrusted' },
      });
      const tried = readFileSync(tries, 'utf8').trim().split('\n').length;
      return { isMade: existsSync(made), sandboxed: [...new Set(sandboxed)], asked: sandboxed.length, tried };
    };
    const locked = { extends: ':workspace', filesystem: { [join(root, 'nothing')]: 'deny' } };
    return {
      open: await tryUnder('open', { default_permissions: ':workspace' }),
      locked: await tryUnder('locked', { default_permissions: 'locked', permissions: { locked } }),
    };
  },

  /** A codex whose package lies where commands may write. */
  async package(root: string, installed: string) {
    const [copy, told] = [join(root, 'workspace', 'codex'), join(root, 'told')];
    mkdirSync(join(root, 'workspace'));
    execFileSync('cp', ['-r', '--reflink=auto', dirname(dirname(installed)), copy]);
    const binary = join(copy, 'bin', 'codex');
    const helper = join(root, 'workspace', 'helper');
    writeFileSync(helper, `#!/bin/sh\nreadlink /proc/self/ns/pid > '${told}'\n`, { mode: 0o755 });
    const locked = { extends: ':workspace', filesystem: { [join(root, 'nothing')]: 'deny' } };
    const { outputs } = await talk({
      root,
      binary,
      config: { default_permissions: 'locked', permissions: { locked } },
      commands: inTurn(`readlink /proc/self/ns/pid; mv '${binary}' moved; cp helper '${binary}'`, 'echo never run'),
      conversation: { sandbox: null },
    });
    const pids = readlinkSync('/proc/self/ns/pid');
    return {
      isFirstConfined: /pid:\[\d+\]/.exec(outputs[0] ?? '')?.[0] !== pids,
      isSecondConfined: readFileSync(told, 'utf8').trim() !== pids,
    };
  },
};

export type Scenes = typeof SCENES;

const [root = '', what = '', binary = ''] = process.argv.slice(2);
process.stdout.write(JSON.stringify(await SCENES[what as keyof Scenes](root, binary)));
