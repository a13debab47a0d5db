import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { readProcess } from '../../../src/hosts/processes.ts';
import { Optio } from '../../../src/optio.ts';
import { ScriptedModel, type ScriptedModelOptions } from '../../../src/testing/model.ts';
import { say, shell } from '../../../src/testing/step.ts';
import { testDirectory } from '../../support/directories.ts';
import { until } from '../../support/processes.ts';

export const ROOT = join(import.meta.dirname, '..', '..', '..');
export const MAIN = join(ROOT, 'src', 'cli', 'main.ts');

/** Where the command is run: a home, a data directory and a workspace of its own, and a scripted model. */
export interface CommandPlace {
  readonly model: ScriptedModel;
  readonly home: string;
  readonly dataDir: string;
  readonly workspace: string;
  readonly env: Readonly<Record<string, string>>;
  /** The arguments that make `run` talk with the scripted model. */
  readonly provider: readonly string[];
}

export async function makeCommandPlace(script?: ScriptedModelOptions['script']): Promise<CommandPlace> {
  const root = testDirectory('cli');
  const [home, workspace, dataDir] = [join(root, 'home'), join(root, 'workspace'), join(root, 'data')];
  for (const directory of [home, workspace]) mkdirSync(directory);
  const model = await ScriptedModel.start(script ? { script } : {});
  onTestFinished(() => model.close());
  const env = { PATH: process.env.PATH ?? '', LANG: 'C.UTF-8', HOME: home, OPTIO_CODEX_HOME: dataDir };
  return { model, home, dataDir, workspace, env, provider: ['--provider', model.url, '--model', 'scripted'] };
}

/** A place whose agent runs a command that does not end by itself. */
export function makeBusyPlace(): Promise<CommandPlace> {
  return makeCommandPlace([shell('touch started; sleep 600', { yieldMs: 600_000 }), say('It was interrupted.')]);
}

/** Waits until that command runs. Codex does not stream what a command says in its first moment. */
export function untilStarted({ workspace }: CommandPlace): Promise<void> {
  return until(() => existsSync(join(workspace, 'started')), 'the start of the command');
}

export interface Ending {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that runs. */
export interface RunningCommand {
  readonly child: ChildProcess;
  readonly ended: Promise<Ending>;
  stdout(): string;
  stderr(): string;
}

export interface CommandOptions {
  /** More of its environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  readonly cwd?: string;
}

/** Starts the command as a program would: its standard streams are pipes. */
export function startCommand(
  place: CommandPlace,
  argv: readonly string[],
  { env = {}, input = '', cwd = place.workspace }: CommandOptions = {},
): RunningCommand {
  const child = spawn(process.execPath, [MAIN, ...argv], { cwd, env: { ...place.env, ...env } });
  onTestFinished(() => void child.kill('SIGKILL'));
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      said[name] += text;
    });
  }
  child.stdin.on('error', () => {}).end(input);
  const { promise: ended, resolve } = Promise.withResolvers<Ending>();
  child.once('close', (code, signal) => resolve({ code, signal, ...said }));
  return { child, ended, stdout: () => said.stdout, stderr: () => said.stderr };
}

/** Runs the command to its end; no process of it may outlive it. */
export async function runCommand(
  place: CommandPlace,
  argv: readonly string[],
  options: CommandOptions = {},
): Promise<Ending> {
  const ending = await startCommand(place, argv, options).ended;
  expect(processesOf(place), 'processes that outlived the command').toEqual([]);
  return ending;
}

/** The processes that know of this place: the command, codex, and whatever these started. */
export function processesOf({ dataDir }: CommandPlace): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((pid) => {
    const seen = environmentOf(pid).includes(dataDir) ? readProcess(pid) : undefined;
    return seen !== undefined && !seen.isZombie;
  });
}

/** Those of them that are the command itself. */
export function commandsOf(place: CommandPlace): number[] {
  return processesOf(place).filter((pid) => readCommandLine(pid).includes(MAIN));
}

/** Ends the runs that go on although the command has left them. */
export async function endLeftRuns({ env }: CommandPlace): Promise<void> {
  const optio = await Optio.open({ env });
  try {
    const { runs } = await optio.list({ states: ['starting', 'running'] });
    for (const { id } of runs) {
      const handle = await optio.find(id);
      await handle.cancel();
      await handle.outcome;
    }
  } finally {
    await optio.close();
  }
}

/** Waits until the command and all that it started are gone. */
export function untilGone(place: CommandPlace): Promise<void> {
  return until(() => processesOf(place).length === 0, 'the end of every process of the command');
}

function readCommandLine(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return []; // it has ended meanwhile
  }
}

function environmentOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8');
  } catch {
    return '';
  }
}
