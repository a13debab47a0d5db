import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { CANARIES, type HostilePlace } from './hostile.ts';

/** A command, and what it prints where nothing confines it: any of these. */
export interface ReadingCommand {
  readonly command: string;
  readonly prints: readonly string[];
}

/** What a command prints without any sandbox. */
export function plainOutput(cwd: string, command: string, env: NodeJS.ProcessEnv = {}): string {
  const { stdout } = spawnSync('sh', ['-c', command], { cwd, encoding: 'utf8', env: { ...process.env, ...env } });
  return stdout;
}

/** Those that print nothing secret in a plain shell. They run in a copy of the workspace: some leave what they have read. */
export function worthlessOf(
  { workspace }: HostilePlace,
  commands: readonly ReadingCommand[],
  env: NodeJS.ProcessEnv = {},
): string[] {
  const copy = `${workspace}-copy`;
  execFileSync('cp', ['-a', '--', workspace, copy]);
  const worthless = commands.filter(({ command, prints }) => {
    const output = plainOutput(copy, command, env);
    return !prints.some((text) => output.includes(text));
  });
  rmSync(copy, { recursive: true });
  return worthless.map(({ command }) => command);
}

/** A process of the same user with a secret in its environment, which ends with us. */
export function startBystander(): ChildProcess {
  return spawn('cat', {
    env: { ...process.env, SECRET_OF_OURS: CANARIES.environment },
    stdio: ['pipe', 'ignore', 'ignore'],
  });
}
