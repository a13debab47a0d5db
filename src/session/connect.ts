import { CodexConversation } from '../codex/conversation.ts';
import type { KnownConversation } from '../codex/conversation-options.ts';
import type { Login } from '../codex/handshake.ts';
import { type CodexProcess, launchCodex, sessionMark } from '../codex/launch.ts';
import type { RunContext } from '../task/context.ts';
import type { SessionCheckpoint } from './checkpoint.ts';
import { FULL_ACCESS, LOCKED } from './codex-config.ts';
import type { SessionConfig } from './config.ts';
import { codexEnvironment, type Prepared } from './prepared.ts';
import { adoptPatiently } from './silence.ts';

/** The codex of a session, and whether it lived on from before us, with the thread. */
export interface FoundCodex {
  readonly codex: CodexProcess;
  readonly isAdopted: boolean;
}

/** Takes over the codex that another process has started, or starts one on the same home; it is written down before use. */
export async function findCodex(
  context: RunContext,
  prepared: Prepared,
  config: SessionConfig,
  checkpoint: SessionCheckpoint,
  secrets: ReadonlySet<string>,
): Promise<FoundCodex> {
  const { host, runId, directories, trace } = context;
  const { binary, codexHome } = prepared;
  const common = { host, codexHome, session: runId, secrets, ...(trace && { trace }) };
  const { codex: identity, threadId, isOpen = true } = checkpoint.state ?? {};
  const hasListened = threadId !== undefined && isOpen;
  const adopted = identity && (await adoptPatiently({ ...common, identity, hasListened }, context, config));
  if (adopted) {
    await prepared.planted?.resume();
    return { codex: adopted, isAdopted: isOpen }; // one whose thread nobody has opened yet is as good as new
  }
  // One that does not answer, or was started and not written down, or whose commands have outlived it.
  if (checkpoint.isResumed) await stopLeftCodex(context, prepared, checkpoint);
  await prepared.planted?.plant();
  const env = codexEnvironment(context, config);
  const codex = await launchCodex({
    ...common,
    // In the home of this run only, and its config.toml says otherwise of all others.
    ...(prepared.planted && { overrides: { cli_auth_credentials_store: 'file' } }),
    binary: binary.path,
    cwd: directories.run,
    env: prepared.planted?.environment(env) ?? env,
    over: 'socket',
    onStart: (started) => checkpoint.add({ codex: started, isOpen: false }),
  });
  if (prepared.planted?.lost.aborted) {
    await codex.stop(); // it was not there yet when all that uses the login was stopped
    prepared.planted.lost.throwIfAborted();
  }
  return { codex, isAdopted: false };
}

/** Ends a codex that another process has started, and all that it has started. */
export async function stopLeftCodex(
  { host, runId }: RunContext,
  { codexHome }: Pick<Prepared, 'codexHome'>,
  { state }: SessionCheckpoint,
): Promise<void> {
  const mark = sessionMark(runId, codexHome);
  if (state?.codex) await host.stop(state.codex, mark);
  else await host.sweep(mark);
}

/** The thread that the conversation is to go on with. */
export interface KnownThreadOfRun {
  readonly threadId: string;
  /** How hard the model thinks in it, as somebody has chosen since it was begun. */
  readonly effort: string | undefined;
  readonly known: KnownConversation;
}

/** The conversation of a session, with everything that confines it. */
export function makeConversation(
  context: RunContext,
  prepared: Prepared,
  config: SessionConfig,
  { login, thread }: { readonly login: Login | undefined; readonly thread: KnownThreadOfRun | undefined },
): CodexConversation {
  const { instructions, workspace } = prepared;
  const effort = thread?.effort ?? config.reasoningEffort;
  return new CodexConversation({
    cwd: workspace.path,
    permissionGate: config.permissionGate,
    approvalPolicy: config.approvalPolicy,
    experimentalApi: true,
    rawEvents: true,
    sandbox: null,
    expectProfile: profileOf(config),
    admitTurn: () => context.admitTurn(),
    ...(config.model && { model: config.model }),
    ...(effort && { reasoningEffort: effort }),
    ...(instructions.text && { developerInstructions: instructions.text }),
    ...(login && { login }),
    ...(config.deadlines && { deadlines: config.deadlines }),
    ...(thread && { resumeThreadId: thread.threadId, known: thread.known }),
  });
}

/** Opens the thread. Whoever is to stop, or to leave the run to another process, does not wait for a codex that is silent. */
export async function openThread(conversation: CodexConversation, { signal, detached }: RunContext): Promise<void> {
  const over = AbortSignal.any([signal, detached]);
  const leave = () => conversation.leave();
  over.addEventListener('abort', leave, { once: true });
  try {
    await conversation.bootstrap();
  } finally {
    over.removeEventListener('abort', leave);
  }
}

export function profileOf(config: SessionConfig): string {
  return config.sandbox === 'danger-full-access' ? FULL_ACCESS : LOCKED;
}
