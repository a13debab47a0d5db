import type { EventEmitter } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { OptioError } from '../errors.ts';
import { OutputTail } from '../hosts/tail.ts';
import { LineTransport } from '../rpc/lines.ts';
import type { Transport } from '../rpc/transport.ts';

export interface ProcessEnd {
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: string | null;
}

/** The streams of a codex process. A `ChildProcess` of Node's is one; then its exit code is told as well. */
export interface CodexHandle {
  readonly stdin?: Writable | null;
  readonly stdout?: Readable | null;
  readonly stderr?: Readable | null;
  /** How the process ended, once it has. */
  readonly exited?: Promise<ProcessEnd>;
}

/** A connection that somebody else has made. */
export interface CodexLink {
  readonly transport: Transport;
  /** Makes the connection anew when it is lost while the process lives on. Rejects when that cannot be. */
  readonly reconnect?: () => Promise<Transport>;
  readonly exited?: Promise<ProcessEnd>;
  /** The last lines of the process's stderr. */
  readonly stderr?: () => string;
  /** The end of a file that codex keeps in its home; undefined when there is none. */
  readonly readEnd?: (file: string, maxBytes: number) => Promise<string | undefined>;
}

/** Makes one thing of what may be attached. Throws `invalid-input` for a process without standard streams. */
export function toLink(attached: CodexHandle | CodexLink | Transport): CodexLink {
  if ('transport' in attached) return attached;
  if ('start' in attached && 'send' in attached) return { transport: attached };
  const { stdin, stdout, stderr } = attached as CodexHandle;
  if (!stdin || !stdout) {
    throw new OptioError('invalid-input', `codex was started without ${stdin ? 'stdout' : 'stdin'}`, {
      remedy: "Start it with stdio: ['pipe', 'pipe', 'pipe'].",
    });
  }
  const tail = stderr ? new OutputTail(stderr) : undefined;
  const exited = (attached as CodexHandle).exited ?? childEnd(attached);
  return {
    transport: new LineTransport({ input: stdout, output: stdin }),
    ...(exited && { exited }),
    ...(tail && { stderr: () => tail.lines() }),
  };
}

function childEnd(handle: object): Promise<ProcessEnd> | undefined {
  if (!('exitCode' in handle && 'signalCode' in handle && 'once' in handle)) return undefined;
  const child = handle as EventEmitter & { exitCode: number | null; signalCode: string | null };
  const end = () => ({ exitCode: child.exitCode, signal: child.signalCode });
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(end());
  return new Promise((resolve) => child.once('exit', () => resolve(end())));
}
