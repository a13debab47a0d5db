import type { CodexProcess } from '../codex/launch.ts';
import type { RunOutcome, WorkspaceReport } from '../contract/outcome.ts';
import { NO_USAGE } from '../contract/usage.ts';
import { openRequests } from '../contract/view.ts';
import { type ErrorCode, fromUnknown } from '../errors.ts';
import type { RunContext } from '../task/context.ts';
import { SessionCheckpoint } from './checkpoint.ts';
import { type CodexTaskConfig, checkConfig, type SessionConfig } from './config.ts';
import { findCodex, makeConversation, openThread, stopLeftCodex } from './connect.ts';
import { AccessGuard } from './guard.ts';
import { knownOf } from './known.ts';
import { LiveSession } from './live.ts';
import { Narrator } from './narrator.ts';
import { findSaved, toKeep } from './next-try.ts';
import { failed, type SessionEnd } from './outcome.ts';
import { prepare } from './prepare.ts';
import { discardLeftovers, prepareAgain, toPreparedRecord } from './prepare-again.ts';
import { findOwn, type Kept, type Prepared, SETTLE } from './prepared.ts';
import { checkSandbox } from './sandbox-check.ts';
import { startedEvent } from './started.ts';
import { Teardown } from './teardown.ts';
import { checkUntouched } from './untouched.ts';

/** How opening a thread fails that would fail so again. */
const LOSES_THREAD: readonly ErrorCode[] = ['call-failed', 'sandbox-changed'];
const NEW_THREAD = 'the thread of the try before is not gone on with: a new one has begun, in the same workspace';
const CHECK_CONFIG = 'check that the sandbox was left alone';

/** How a session ended, with what came of it, before its teardown. */
type Ended = SessionEnd & Pick<RunOutcome, 'text' | 'usage' | 'turns' | 'threadId'>;

/**
 * Runs one Codex session from its preparation to its teardown and gives its outcome. It never rejects: whatever goes wrong
 * is the outcome. Where another process had begun it and died, it goes on from there.
 */
export async function runCodexSession(context: RunContext, config: CodexTaskConfig): Promise<RunOutcome> {
  return new Session(context).run(config);
}

class Session {
  readonly #context: RunContext;
  readonly #checkpoint: SessionCheckpoint;
  /** Ends what runs, after each try. */
  readonly #stopping = new Teardown();
  /** Tidies up what was prepared, after the last one. */
  readonly #teardown = new Teardown();
  readonly #started = performance.now();
  /** What codex was logged in with, and what it was lent since. */
  readonly #secrets = new Set<string>();
  #kept: Kept | undefined;
  #codex: CodexProcess | undefined;
  /** Codex would not run the command that is to show that the sandbox works. */
  #isUnchecked = false;
  #live: LiveSession | undefined;
  /** The thread could not be taken up. */
  #isThreadLost = false;

  constructor(context: RunContext) {
    this.#context = context;
    this.#checkpoint = new SessionCheckpoint(context);
  }

  async run(config: CodexTaskConfig): Promise<RunOutcome> {
    let ended: Ended;
    try {
      ended = await this.#work(checkConfig(config));
    } catch (thrown) {
      ended = this.#ended(this.#context.signal.aborted ? { status: 'cancelled' } : failed(fromUnknown(thrown)));
    }
    // Whoever goes on with it must find everything as it is.
    if (!this.#context.detached.aborted) {
      const { state } = this.#checkpoint;
      const kept = state && this.#context.isTriedAgain(ended.status) && toKeep(state, this.#live, this.#isThreadLost);
      await this.#checkpoint.addIfHeld({ end: ended, kept: undefined, ...kept });
      if (!this.#context.detached.aborted) ended = { ...ended, ...(await this.#tearDown(ended, !kept)) };
    }
    const durationMs = Math.round(performance.now() - this.#started);
    return { ...ended, durationMs, ...(this.#kept && { workspace: this.#kept.settlement.report }) };
  }

  async #work(config: SessionConfig): Promise<Ended> {
    const context = this.#context;
    const saved = await findSaved(context, config, this.#checkpoint);
    const onSettled = (report: WorkspaceReport) => this.#checkpoint.addIfHeld({ report });
    const options = { context, config, teardown: this.#teardown, onSettled };
    if (!saved) {
      await discardLeftovers(context, config);
      context.signal.throwIfAborted();
      const prepared = await prepare(options);
      this.#keep(prepared);
      await this.#checkpoint.begin(toPreparedRecord(prepared));
      await this.#beginNextTry();
      return this.#converse(prepared, config);
    }
    const kept = await prepareAgain(options, saved.prepared);
    this.#keep(kept);
    if (saved.report) kept.settlement.settledBefore(saved.report);
    else await kept.settlement.resume();
    if (saved.end && !this.#checkpoint.isNextTry) return saved.end;
    context.signal.throwIfAborted();
    if (this.#checkpoint.isNextTry) await checkUntouched(context.host, kept);
    await this.#beginNextTry();
    return this.#converse({ ...kept, ...(await findOwn(context, config)) }, config);
  }

  async #beginNextTry(): Promise<void> {
    if (this.#context.attempt === 1 || !this.#checkpoint.isNew) return;
    await this.#checkpoint.beginNextTry((await this.#context.history()).turnOrder.length);
  }

  /** From now on there is something to tidy up, whatever comes. */
  #keep(kept: Kept): void {
    this.#kept = kept;
    const { host } = this.#context;
    this.#stopping.defer(CHECK_CONFIG, async () => {
      if (!this.#checkpoint.state?.report) await checkUntouched(host, kept);
    });
    this.#stopping.defer('stop codex', () => this.#stopCodex(kept), 30_000);
  }

  async #stopCodex(kept: Kept): Promise<void> {
    if (this.#codex) await this.#codex.stop();
    else if (this.#checkpoint.isResumed && !this.#checkpoint.isNextTry)
      await stopLeftCodex(this.#context, kept, this.#checkpoint);
    else return;
    this.#context.emit({ type: 'session.ended' });
  }

  async #converse(prepared: Prepared, config: SessionConfig): Promise<Ended> {
    const context = this.#context;
    const { workspace, access, instructions, login } = prepared;
    for (const message of [...workspace.warnings, ...access.warnings, ...instructions.warnings]) {
      context.emit({ type: 'notice', level: 'warning', message });
    }
    if (login.login) this.#secrets.add(login.login.type === 'apiKey' ? login.login.apiKey : login.login.accessToken);
    const { codex, isAdopted } = await findCodex(context, prepared, config, this.#checkpoint, this.#secrets);
    this.#codex = codex;
    // Beside the handshake, which takes longer, and never beside a command of the agent: for what is denied and not there
    // codex puts something in its place and takes it away again, and two commands that begin at once can lose it.
    const wasChecked = isAdopted && this.#checkpoint.state?.isChecked === true;
    const checked = wasChecked ? Promise.resolve() : this.#checkSandbox(codex, prepared, config);
    checked.catch(() => {}); // the handshake may fail first
    this.#live = await this.#bootstrap(codex, isAdopted, prepared, config, checked);
    await prepared.settlement.begin();
    const end = await this.#live.converse();
    if (end.status === 'done' && this.#isUnchecked) await this.#checkSandbox(codex, prepared, config);
    return this.#ended(end);
  }

  async #bootstrap(
    codex: CodexProcess,
    isAdopted: boolean,
    prepared: Prepared,
    config: SessionConfig,
    checked: Promise<void>,
  ): Promise<LiveSession> {
    const context = this.#context;
    const { login } = prepared;
    const { isNew, isResumed: wasBegun, state } = this.#checkpoint;
    const { threadId, turnsOfOtherThreads = 0, nextTry } = state ?? {};
    const before = wasBegun || nextTry ? await context.history() : undefined;
    const known = before && threadId ? knownOf(before, threadId, turnsOfOtherThreads) : undefined;
    const thread = known && threadId ? { threadId, known } : undefined;
    const isRelaunched = before !== undefined && !isAdopted;
    if (isRelaunched && !isNew) {
      const error = { code: 'codex-exited' as const, message: 'codex had ended while nobody watched' };
      context.emit({ type: 'session.ended', error });
      // A new codex asks anew what it still wants to know.
      for (const { id } of openRequests(before)) {
        context.emit({ type: 'request.closed', requestId: id, reason: 'sessionEnded' });
      }
    }
    const conversation = makeConversation(context, prepared, config, { isAdopted, thread });
    const narrator = new Narrator(context, conversation, new AccessGuard(context.host, prepared.access), before);
    const live = new LiveSession({
      context,
      config,
      conversation,
      narrator,
      before,
      isRelaunched,
      threadId,
      nextTry: nextTry && { ...nextTry, isNew },
    });
    const { renew } = login;
    if (renew) {
      conversation.onRequest('authTokens', async () => {
        const lent = await renew();
        this.#secrets.add(lent.accessToken);
        return lent;
      });
    }
    conversation.attach(codex.link);
    void conversation.runReader();
    try {
      await openThread(conversation, context);
    } catch (thrown) {
      this.#isThreadLost = thread !== undefined && LOSES_THREAD.includes(fromUnknown(thrown).code);
      throw thrown;
    }
    await checked;
    const isResumed = thread !== undefined && thread.threadId === conversation.threadId;
    await this.#checkpoint.add({
      threadId: conversation.threadId ?? '',
      isChecked: !this.#isUnchecked,
      ...(!isResumed && before && { turnsOfOtherThreads: before.turnOrder.length }),
    });
    if (isAdopted && isResumed) return live;
    if (isNew && before?.session && !isResumed) context.emit({ type: 'notice', level: 'warning', message: NEW_THREAD });
    context.emit(startedEvent(conversation, prepared, config, isResumed));
    return live;
  }

  async #checkSandbox(codex: CodexProcess, prepared: Prepared, config: SessionConfig): Promise<void> {
    if (config.sandbox === 'danger-full-access') return;
    const hasHostList = Array.isArray(config.networkAccess);
    const { connect } = codex;
    const { codexHome, workspace } = prepared;
    try {
      await checkSandbox({ connect, codexHome, workspace: workspace.path, hasHostList });
      this.#isUnchecked = false;
    } catch (error) {
      // With a login that is refused codex takes no call to run a command. The first turn says more of that, and runs
      // nothing where the sandbox is broken; it would only not say so if it let a command past a list of hosts.
      const isRefused = fromUnknown(error).code === 'call-failed' && !hasHostList && !this.#isUnchecked;
      if (!isRefused) throw error;
      this.#isUnchecked = true;
    }
  }

  #ended(end: SessionEnd): Ended {
    const { text = '', usage = NO_USAGE, turns = 0 } = this.#live ?? {};
    const { threadId } = this.#checkpoint.state ?? {};
    return { text, ...end, usage, turns, ...(threadId && { threadId }) };
  }

  /** A step that fails is told; where the run's promises hang on it, the run has failed. */
  async #tearDown(end: SessionEnd, isLast: boolean): Promise<SessionEnd> {
    let final: SessionEnd = { status: end.status };
    const stopped = await this.#stopping.run();
    for (const { name, error } of [...stopped, ...(isLast ? await this.#teardown.run() : [])]) {
      const { message, remedy } = error;
      const told = { message: `could not ${name}: ${message}`, ...(remedy && { remedy }) };
      this.#context.emit({ type: 'notice', level: 'error', ...told });
      if ((name === SETTLE || name === CHECK_CONFIG) && end.status === 'done') final = failed(error);
    }
    return final;
  }
}
