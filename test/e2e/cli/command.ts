import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { connect } from '../../../src/compose/connect.ts';
import { stopRunning } from '../../../src/compose/running.ts';
import { readRecord } from '../../../src/compose/server-record.ts';
import { readProcess } from '../../../src/hosts/processes.ts';
import { ScriptedModel, type ScriptedModelOptions } from '../../../src/testing/model.ts';
import { say, shell } from '../../../src/testing/step.ts';
import { compiled } from '../../support/compiled.ts';
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
  const env = {
    PATH: process.env.PATH ?? '',
    LANG: 'C.UTF-8',
    HOME: home,
    ...compiled(),
    OPTIO_CODEX_HOME: dataDir,
    OPTIO_CODEX_PORT: '0',
    OPTIO_CODEX_IDLE_MS: '120000',
  };
  onTestFinished(() => endServer(dataDir));
  return { model, home, dataDir, workspace, env, provider: ['--provider', model.url, '--model', 'scripted'] };
}

/** Ends the server that a command has started, with all that it runs; by force where it does not answer any more. */
async function endServer(dataDir: string): Promise<void> {
  try {
    await stopRunning(dataDir, { cancel: true });
  } catch {
    const { pid } = readRecord(dataDir) ?? {};
    if (pid !== undefined && readProcess(pid)) process.kill(pid, 'SIGKILL');
  }
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
  /** The program, where it is not the one that is tested. */
  readonly main?: string;
}

/** Starts the command as a program would: its standard streams are pipes. */
export function startCommand(
  place: CommandPlace,
  argv: readonly string[],
  { env = {}, input = '', cwd = place.workspace, main = MAIN }: CommandOptions = {},
): RunningCommand {
  const child = spawn(process.execPath, [main, ...argv], { cwd, env: { ...place.env, ...env } });
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

/** The processes that know of this place: the command, codex, and whatever these started; but for the server. */
export function processesOf(place: CommandPlace): number[] {
  return allOf(place).filter((pid) => !isServer(pid));
}

/** Kills the command and the server, as a machine without memory would; the codex that they have started lives on. */
export function killOurs(place: CommandPlace): void {
  for (const pid of [...commandsOf(place), ...allOf(place).filter(isServer)]) process.kill(pid, 'SIGKILL');
}

function allOf({ dataDir }: CommandPlace): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((pid) => {
    const seen = read(`/proc/${pid}/environ`).includes(dataDir) ? readProcess(pid) : undefined;
    return seen !== undefined && !seen.isZombie;
  });
}

function isServer(pid: number): boolean {
  return read(`/proc/${pid}/cmdline`).split('\0').includes('--background');
}

/** Those of them that are the command itself. */
export function commandsOf(place: CommandPlace): number[] {
  return processesOf(place).filter((pid) => read(`/proc/${pid}/cmdline`).split('\0').includes(MAIN));
}

/** Ends the runs that go on although the command has left them. */
export async function endLeftRuns({ env }: CommandPlace): Promise<void> {
  const api = await connect({ env });
  try {
    const { runs } = await api.list({ states: ['starting', 'running'] });
    for (const { id } of runs) {
      const handle = await api.find(id);
      await handle.cancel();
      await handle.outcome;
    }
  } finally {
    await api.close();
  }
}

/** Waits until the command and all that it started are gone. */
export function untilGone(place: CommandPlace): Promise<void> {
  return until(() => processesOf(place).length === 0, 'the end of every process of the command');
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
