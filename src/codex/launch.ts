import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fromUnknown, OptioError } from '../errors.ts';
import type { Host, HostProcess, ProcessIdentity, ProcessMark, StopReport } from '../hosts/host.ts';
import { redact, redactTransport } from '../rpc/redacting.ts';
import { type Trace, traceTransport } from '../rpc/tracing.ts';
import type { Transport } from '../rpc/transport.ts';
import { WebSocketTransport } from '../rpc/websocket.ts';
import { type CodexLink, toLink } from './attachment.ts';
import { type Connect, connectPatiently, type Patience } from './patience.ts';
import { findSocket } from './socket.ts';

/** The variable by which everything that belongs to a session is found again in `/proc`. */
export const SESSION_MARK = 'OPTIO_CODEX_RUN';

/**
 * How the processes of a session are known. Codex starts parts of its sandbox with nothing in their environment but a
 * PATH that begins in its home, and such a part stays, waiting, when codex is killed at the wrong moment.
 */
export function sessionMark(session: string, codexHome: string): ProcessMark {
  return { name: SESSION_MARK, value: session, pathEntry: join(codexHome, 'tmp', 'arg0') };
}

/** How long a fresh codex may take until it listens, in milliseconds. */
const READY_DEADLINE_MS = 30_000;
/** How often it is looked whether it does, in milliseconds: whoever waits for the first text waits for this too. */
const RETRY_MS = 2;
/** The same of one that listened before, whose socket can only be gone for good. */
const LOST_DEADLINE_MS = 2_000;
/** In CODEX_HOME: where it listens, and what it writes when nobody reads its output. */
const SOCKET = 'app-server.sock';
const LOG = 'app-server.log';

export interface CodexLaunchOptions {
  readonly host: Host;
  /** The native binary. */
  readonly binary: string;
  /** CODEX_HOME; has to exist. */
  readonly codexHome: string;
  /** The directory that codex itself runs in; the workspace is told for each thread. */
  readonly cwd: string;
  /** The whole environment of codex besides CODEX_HOME. */
  readonly env: Readonly<Record<string, string>>;
  /** Settings that come before those of its config.toml. Whoever may list processes sees them. */
  readonly overrides?: Readonly<Record<string, string>>;
  /** Names the session, for `SESSION_MARK`. */
  readonly session: string;
  /**
   * `streams`: over its standard streams; it ends when we do. `socket`: it listens on a unix socket in its home and
   * lives on without us.
   */
  readonly over: 'streams' | 'socket';
  /** What we tell codex and nobody is to hear from it again: a provider may quote the key that it refuses. */
  readonly secrets?: ReadonlySet<string>;
  /** Sees every message in both directions, for finding faults. */
  readonly trace?: Trace;
  /** Told which process it is, before that is used for the first time. */
  readonly onStart?: (identity: ProcessIdentity) => Promise<void>;
}

/** What has to be known of a codex that somebody else has started, over a socket. */
export type AdoptOptions = Pick<CodexLaunchOptions, 'host' | 'codexHome' | 'session' | 'secrets' | 'trace'> & {
  readonly identity: ProcessIdentity;
  /** Somebody was connected to it before. */
  readonly hasListened?: boolean;
  /** How long it may give no sign of life, and who is told. */
  readonly patience?: Patience;
};

/** An app-server that runs, and how to talk with it. */
export interface CodexProcess {
  readonly process: HostProcess;
  /** What all its processes have in their environment. */
  readonly mark: ProcessMark;
  /** What `CodexConversation.attach` takes. */
  readonly link: CodexLink;
  /** One more connection to the same app-server. Rejects with `codex-unsupported` over streams, where there is one. */
  readonly connect: () => Promise<Transport>;
  stop(): Promise<StopReport>;
}

/** Starts `codex app-server` and gives the way to talk with it. A start that fails leaves nothing behind. */
export async function launchCodex(options: CodexLaunchOptions): Promise<CodexProcess> {
  const { host, binary, codexHome, cwd } = options;
  const socket = join(codexHome, SOCKET);
  const listen = options.over === 'socket' ? ['--listen', `unix://${socket}`] : [];
  const overrides = Object.entries(options.overrides ?? {}).flatMap(([key, value]) => [
    '-c',
    `${key}=${JSON.stringify(value)}`,
  ]);
  const realHome = (await host.realPath(codexHome)) ?? codexHome;
  const mark = sessionMark(options.session, realHome);
  const process = await host.start({
    command: [binary, ...overrides, 'app-server', ...listen],
    cwd,
    env: { ...options.env, CODEX_HOME: codexHome },
    output: options.over === 'socket' ? { file: join(codexHome, LOG) } : 'streams',
    mark,
  });
  try {
    await options.onStart?.(process.identity);
    return toCodexProcess(
      process,
      mark,
      options.over === 'socket' ? await linkSocket(process, socket) : toLink(process),
      { ...options, realHome },
    );
  } catch (error) {
    await process.stop();
    throw error;
  }
}

/**
 * Takes over an app-server that lives on although whoever started it has died; undefined when it does not live any more.
 * Throws `codex-unresponsive` when it gives no sign of that for too long, and `codex-start-failed` when nobody can connect
 * to it.
 */
export async function adoptCodex(options: AdoptOptions): Promise<CodexProcess | undefined> {
  const { host, codexHome, identity, patience, hasListened } = options;
  const realHome = (await host.realPath(codexHome)) ?? codexHome;
  const mark = sessionMark(options.session, realHome);
  const process = await host.adopt(identity, { output: { file: join(codexHome, LOG) }, mark });
  const socket = join(codexHome, SOCKET);
  if (!process) return undefined;
  const deadlineMs = hasListened ? LOST_DEADLINE_MS : READY_DEADLINE_MS;
  return toCodexProcess(process, mark, await linkSocket(process, socket, { deadlineMs, patience }), {
    ...options,
    realHome,
  });
}

function toCodexProcess(
  process: HostProcess,
  mark: ProcessMark,
  open: CodexLink,
  { host, realHome, secrets, trace }: Pick<CodexLaunchOptions, 'host' | 'secrets' | 'trace'> & { realHome: string },
): CodexProcess {
  const readEnd: CodexLink['readEnd'] = async (file, maxBytes) =>
    (await host.readInside(realHome, file, { maxBytes, part: 'end' }))?.toString('utf8');
  const link = { ...(secrets ? redacted(open, secrets) : open), readEnd };
  const connect = async () => {
    if (link.reconnect) return link.reconnect();
    throw new OptioError('codex-unsupported', 'a codex over its standard streams takes one connection only');
  };
  return { process, mark, connect, link: trace ? traced(link, trace) : link, stop: () => process.stop() };
}

interface ReadyOptions {
  /** How long it may not listen, in milliseconds. */
  readonly deadlineMs?: number;
  readonly patience?: Patience | undefined;
}

async function linkSocket(process: HostProcess, socket: string, options: ReadyOptions = {}): Promise<CodexLink> {
  const connect: Connect = async (options) =>
    WebSocketTransport.connect({ url: `ws+unix:${await findSocket(socket)}:/`, ...options });
  let ended = false;
  const exited = process.exited.then((end) => {
    ended = true;
    return end;
  });
  const reconnect = async () => {
    if (ended) throw new OptioError('codex-exited', 'codex has ended');
    return connect();
  };
  const transport = await connectWhenReady(process, connect, options);
  return { transport, reconnect, exited, stderr: () => process.stderrTail() };
}

async function connectWhenReady(
  process: HostProcess,
  connect: Connect,
  { deadlineMs = READY_DEADLINE_MS, patience }: ReadyOptions,
): Promise<Transport> {
  const end = process.exited.then(({ exitCode, signal }) => {
    const stderr = process.stderrTail();
    const how = signal ? `was ended by ${signal}` : `exited with ${exitCode}`;
    throw new OptioError('codex-start-failed', `codex ${how} before it listened: ${stderr}`, {
      exitCode,
      signal,
      stderr,
    });
  });
  end.catch(() => {});
  for (const deadline = performance.now() + deadlineMs; ; ) {
    try {
      return await Promise.race([patience ? connectPatiently(connect, patience) : connect(), end]);
    } catch (error) {
      const { code } = fromUnknown(error);
      if (code === 'codex-start-failed' || code === 'codex-unresponsive' || patience?.signal.aborted) throw error;
      if (performance.now() > deadline) {
        throw new OptioError('codex-start-failed', `codex does not listen after ${deadlineMs / 1000} s`, {
          cause: error,
          stderr: process.stderrTail(),
        });
      }
      await delay(RETRY_MS);
    }
  }
}

function traced(link: CodexLink, trace: Trace): CodexLink {
  return overEach(link, (transport) => traceTransport(transport, trace));
}

function redacted(link: CodexLink, secrets: ReadonlySet<string>): CodexLink {
  const { stderr } = link;
  return {
    ...overEach(link, (transport) => redactTransport(transport, secrets)),
    ...(stderr && { stderr: () => redact(stderr(), secrets) }),
  };
}

/** The link with something around each of its connections, the later ones too. */
function overEach(link: CodexLink, around: (transport: Transport) => Transport): CodexLink {
  const { reconnect } = link;
  return {
    ...link,
    transport: around(link.transport),
    ...(reconnect && { reconnect: async () => around(await reconnect()) }),
  };
}
