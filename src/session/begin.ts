import type { CodexProcess } from '../codex/launch.ts';
import type { ErrorRecord } from '../contract/outcome.ts';
import { openRequests, type RunView } from '../contract/view.ts';
import { type ErrorCode, fromUnknown } from '../errors.ts';
import type { RunContext } from '../task/context.ts';
import type { SessionCheckpoint } from './checkpoint.ts';
import type { SessionConfig } from './config.ts';
import { findCodex, type KnownThreadOfRun, makeConversation, openThread } from './connect.ts';
import { AccessGuard } from './guard.ts';
import { giveNow, keepLoggedIn, noteTurn, secretOf } from './kept-login.ts';
import { knownOf } from './known.ts';
import { LiveSession } from './live.ts';
import { reportLogin } from './login-report.ts';
import { Narrator } from './narrator.ts';
import type { Prepared } from './prepared.ts';
import { SandboxWatch } from './sandbox-watch.ts';
import { startedEvent } from './started.ts';

/** How opening a thread fails that would fail so again. */
const LOSES_THREAD: readonly ErrorCode[] = ['call-failed', 'sandbox-changed'];
const NEW_THREAD = 'the thread of the attempt before is not gone on with: a new one has begun, in the same workspace';

export interface BeginOptions {
  readonly context: RunContext;
  readonly prepared: Prepared;
  readonly config: SessionConfig;
  readonly checkpoint: SessionCheckpoint;
  /** What codex is logged in with, and what it is lent later. */
  readonly secrets: Set<string>;
  /** How the codex of this session has ended with whose thread another one is to go on; undefined for the first. */
  readonly death: ErrorRecord | undefined;
  /** Told of the process as soon as there is one to be stopped. */
  readonly onCodex: (codex: CodexProcess) => void;
  /** The thread could not be taken up, and could not another time. */
  readonly onThreadLost: () => void;
}

export interface Begun {
  readonly live: LiveSession;
  readonly sandbox: SandboxWatch;
}

/** Finds or starts the codex of a session, checks its sandbox, and opens its thread. */
export async function begin(options: BeginOptions): Promise<Begun> {
  const { context, prepared, config, checkpoint, secrets, death } = options;
  const told = reportLogin(prepared.login, config, {
    host: context.host,
    logins: context.logins,
    dataDir: context.directories.data,
    binary: prepared.binary,
  });
  told.catch(() => {}); // something else may fail first
  const { given, problem } = await giveNow(prepared.login);
  if (given) secrets.add(secretOf(given));
  else if (problem && !checkpoint.isResumed) throw problem;
  const { codex, isAdopted } = await findCodex(context, prepared, config, checkpoint, secrets);
  options.onCodex(codex);
  const sandbox = new SandboxWatch(codex, prepared, config);
  // Beside the handshake, which takes longer, and never beside a command of the agent: for what is denied and not there
  // codex puts something in its place and takes it away again, and two commands that begin at once can lose it.
  const wasChecked = isAdopted && checkpoint.state?.isChecked === true;
  const checked = wasChecked ? Promise.resolve() : sandbox.check();
  checked.catch(() => {}); // the handshake may fail first
  const { isNew, isResumed: wasBegun, state } = checkpoint;
  const { threadId, turnsOfOtherThreads = 0, nextAttempt } = state ?? {};
  const before = wasBegun || nextAttempt || death ? await context.history() : undefined;
  const known = before && threadId ? knownOf(before, threadId, turnsOfOtherThreads) : undefined;
  const effort = before?.controls?.effort ?? undefined;
  const thread = known && threadId ? { threadId, known, effort } : undefined;
  const isRelaunched = before !== undefined && !isAdopted;
  if (isRelaunched && (death || !isNew)) tellOfDeath(context, before, death);
  const isLoggedIn = isAdopted && thread !== undefined;
  if (problem && !isLoggedIn) throw problem; // one that is logged in may need none before there is one
  const login = isLoggedIn ? undefined : given;
  const conversation = makeConversation(context, prepared, config, { login, thread });
  const narrator = new Narrator(
    context,
    conversation,
    new AccessGuard(context.host, prepared.access),
    before,
    config.images,
  );
  const live = new LiveSession({
    context,
    config,
    conversation,
    narrator,
    before,
    isRelaunched,
    threadId,
    onTurn: (turn) => noteTurn(prepared.login, turn),
    nextAttempt: nextAttempt && { ...nextAttempt, isNew: isNew && !death },
  });
  const keep = keepLoggedIn(conversation, prepared.login, secrets);
  conversation.attach(codex.link);
  void conversation.runReader();
  // Whatever we are about: a connection that stays would be told, and asked, in the place of whoever goes on.
  const leave = () => conversation.leave();
  context.detached.addEventListener('abort', leave, { once: true });
  if (context.detached.aborted) leave();
  await open(options, conversation, thread);
  await checked;
  keep(isLoggedIn ? given : undefined);
  const isResumed = thread !== undefined && thread.threadId === conversation.threadId;
  await checkpoint.add({
    threadId: conversation.threadId ?? '',
    isChecked: sandbox.isChecked,
    isOpen: true,
    ...(!isResumed && before && { turnsOfOtherThreads: before.turnOrder.length }),
  });
  if (isAdopted && isResumed) return { live, sandbox };
  if (isNew && before?.session && !isResumed) context.emit({ type: 'notice', level: 'warning', message: NEW_THREAD });
  context.emit(startedEvent(conversation, prepared, config, { loginReport: await told, isResumed }));
  return { live, sandbox };
}

async function open(
  { context, onThreadLost }: BeginOptions,
  conversation: Parameters<typeof openThread>[0],
  thread: KnownThreadOfRun | undefined,
): Promise<void> {
  try {
    await openThread(conversation, context);
  } catch (thrown) {
    if (thread !== undefined && LOSES_THREAD.includes(fromUnknown(thrown).code)) onThreadLost();
    throw thrown;
  }
}

/** A codex is gone, maybe that of another process of ours. A new one asks anew what it still wants to know. */
function tellOfDeath(context: RunContext, before: RunView, death?: ErrorRecord): void {
  const error = death ?? { code: 'codex-exited' as const, message: 'codex had ended while nobody watched' };
  context.emit({ type: 'session.ended', error });
  for (const { id } of openRequests(before)) {
    context.emit({ type: 'request.closed', requestId: id, reason: 'sessionEnded' });
  }
}
