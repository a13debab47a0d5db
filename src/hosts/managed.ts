import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync, readSync, statSync, truncateSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { OptioError } from '../errors.ts';
import type { AdoptSpec, HostProcess, ProcessIdentity, ProcessSpec } from './host.ts';
import { identify, isRunning } from './processes.ts';
import { stopProcess } from './stop.ts';
import { lastLines, OutputTail } from './tail.ts';

const MAX_LOG_BYTES = 8 * 1024 * 1024;
const LOG_CHECK_MS = 1_000;
const TAIL_BYTES = 64 * 1024;
/** How often it is looked whether a process that is not our child has ended, in milliseconds. */
const LOOK_MS = 250;

/** Throws `host-command-failed`. */
export function openLog(file: string): number {
  try {
    return openSync(file, 'a', 0o600);
  } catch (cause) {
    throw new OptioError('host-command-failed', `cannot write the log: ${(cause as Error).message}`, { cause });
  }
}

/** A child of ours. */
export function toHostProcess(child: ChildProcess, spec: ProcessSpec): HostProcess {
  const identity = identify(child.pid as number);
  const exited = new Promise<{ exitCode: number | null; signal: string | null }>((resolve) => {
    child.once('exit', (exitCode, signal) => resolve({ exitCode, signal }));
  });
  const tail = child.stderr ? new OutputTail(child.stderr) : undefined;
  const closeInput = child.stdin ? () => child.stdin?.end() : undefined;
  child.stdin?.on('error', () => {}); // whoever writes hears of it; nobody else may die of it
  let stopping: ReturnType<HostProcess['stop']> | undefined;
  return {
    identity,
    exited,
    stdin: child.stdin,
    stdout: child.stdout,
    stderr: child.stderr,
    stderrTail: () => tail?.lines() ?? readTail(spec.output),
    stop() {
      stopping ??= stopProcess({ identity, mark: spec.mark, closeInput });
      return stopping;
    },
  };
}

/** A process that somebody else has started: how it ends nobody can tell us, only that it did. */
export function adoptProcess(identity: ProcessIdentity, { output, mark }: AdoptSpec): HostProcess {
  let stopping: ReturnType<HostProcess['stop']> | undefined;
  return {
    identity,
    exited: whenEnded(identity).then(() => ({ exitCode: null, signal: null })),
    stdin: null,
    stdout: null,
    stderr: null,
    stderrTail: () => readTail(output),
    stop() {
      stopping ??= stopProcess({ identity, mark });
      return stopping;
    },
  };
}

async function whenEnded(identity: ProcessIdentity): Promise<void> {
  while (isRunning(identity)) await delay(LOOK_MS, undefined, { ref: false });
}

/** A log that nobody reads to the end must not fill the disk; the file was opened for appending, so it may shrink. */
export function boundLog(process: HostProcess, file: string): void {
  const check = setInterval(() => {
    try {
      if (statSync(file).size > MAX_LOG_BYTES) truncateSync(file);
    } catch {
      // The log has gone with its directory.
    }
  }, LOG_CHECK_MS).unref();
  void process.exited.then(() => clearInterval(check));
}

function readTail(output: ProcessSpec['output']): string {
  if (output === 'streams') return '';
  try {
    const file = openSync(output.file, 'r');
    try {
      const { size } = statSync(output.file);
      const buffer = Buffer.alloc(Math.min(size, TAIL_BYTES));
      readSync(file, buffer, 0, buffer.length, size - buffer.length);
      return lastLines(buffer.toString('utf8'), 20);
    } finally {
      closeSync(file);
    }
  } catch {
    return '';
  }
}
