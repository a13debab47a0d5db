import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { HostCommandError, OptioError } from '../errors.ts';
import type { CommandOptions, RunResult } from './host.ts';
import { identify } from './processes.ts';
import { spawnProgram } from './spawn.ts';
import { stopProcess } from './stop.ts';
import { lastLines } from './tail.ts';

const DEADLINE_MS = 60_000;
/** Timers of Node's cannot wait longer, in milliseconds. */
const MAX_DEADLINE_MS = 2 ** 31 - 1;
const MAX_OUTPUT_BYTES = 1024 * 1024;
/** The variable by which the children of a command are found, also those that have left its group and its parent. */
const COMMAND_MARK = 'OPTIO_CODEX_COMMAND';
/** How long a command that is stopped may take after each SIGTERM, in milliseconds. */
const PATIENCE = { firstTerm: 1_000, secondTerm: 1_000 };

/** Runs a command on this machine to its end; see `Host.run`. */
export async function runCommand(
  command: readonly [string, ...string[]],
  env: Readonly<Record<string, string>>,
  options: CommandOptions,
): Promise<RunResult> {
  const { cwd, signal, deadlineMs = DEADLINE_MS, maxOutputBytes = MAX_OUTPUT_BYTES } = options;
  checkDeadline(deadlineMs);
  signal?.throwIfAborted();
  const limits = AbortSignal.any([AbortSignal.timeout(deadlineMs), ...(signal ? [signal] : [])]);
  const start = performance.now();
  const mark = { name: COMMAND_MARK, value: randomUUID() };
  const child = await spawnProgram(command, {
    cwd,
    env: { ...env, [mark.name]: mark.value },
    stdio: ['pipe', 'pipe', 'pipe'],
    // A group of its own, so that Ctrl-C at our terminal is ours to pass on.
    detached: true,
  });
  const identity = identify(child.pid as number);
  const ended = once(child, 'close') as Promise<[number | null, string | null]>;
  const stdout = new BoundedOutput(maxOutputBytes);
  const stderr = new BoundedOutput(maxOutputBytes);
  child.stdout?.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => stderr.push(chunk));
  child.stdin?.on('error', () => {}); // a command need not read what it is given
  child.stdin?.end(options.input ?? '');

  let stopped: Promise<void> | undefined;
  const stop = async () => {
    await stopProcess({ identity, mark, patience: PATIENCE });
    // A child that has shaken off its mark may still hold an output, and must not keep us.
    child.stdout?.destroy();
    child.stderr?.destroy();
  };
  const onLimit = () => {
    stopped = stop();
  };
  if (limits.aborted) onLimit();
  limits.addEventListener('abort', onLimit, { once: true });
  const [exitCode, by] = await ended;
  limits.removeEventListener('abort', onLimit);
  await stopped;
  signal?.throwIfAborted();
  const result: RunResult = {
    command,
    exitCode,
    signal: by,
    stdout: stdout.text(),
    stderr: stderr.text(),
    isTruncated: stdout.isTruncated || stderr.isTruncated,
    durationMs: performance.now() - start,
  };
  if (limits.aborted) throw failed(result, `did not end within ${deadlineMs / 1000} s`);
  if (exitCode !== 0 && !options.anyExitCode)
    throw failed(result, by ? `was ended by ${by}` : `exited with ${exitCode}`);
  return result;
}

/** With a longer one the command would be stopped at once. */
function checkDeadline(deadlineMs: number): void {
  if (Number.isInteger(deadlineMs) && deadlineMs >= 0 && deadlineMs <= MAX_DEADLINE_MS) return;
  throw new OptioError('invalid-input', `deadlineMs: a command cannot be given ${deadlineMs} ms`, {
    field: 'deadlineMs',
    remedy: `Give a whole number of milliseconds, ${MAX_DEADLINE_MS} at most.`,
  });
}

/** Keeps the beginning of an output, and reads on to its end. */
class BoundedOutput {
  readonly #limit: number;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  isTruncated = false;

  constructor(limit: number) {
    this.#limit = limit;
  }

  push(chunk: Buffer): void {
    const room = this.#limit - this.#bytes;
    if (chunk.length > room) this.isTruncated = true;
    if (room <= 0) return;
    this.#chunks.push(chunk.subarray(0, room));
    this.#bytes += Math.min(chunk.length, room);
  }

  text(): string {
    return Buffer.concat(this.#chunks).toString('utf8');
  }
}

function failed(result: RunResult, how: string): HostCommandError {
  const { exitCode, signal } = result;
  const stderr = lastLines(result.stderr, 20);
  const said = stderr ? `: ${lastLines(stderr, 1)}` : '';
  return new HostCommandError(`${result.command.slice(0, 3).join(' ')} ${how}${said}`, { exitCode, signal, stderr });
}
