import type { CodexProcess } from '../codex/launch.ts';
import type { RunOutcome, WorkspaceReport } from '../contract/outcome.ts';
import { NO_USAGE } from '../contract/usage.ts';
import { fromUnknown } from '../errors.ts';
import type { RunContext } from '../task/context.ts';
import { begin } from './begin.ts';
import { SessionCheckpoint } from './checkpoint.ts';
import { type CodexTaskConfig, checkConfig, type SessionConfig } from './config.ts';
import { stopLeftCodex } from './connect.ts';
import { killSession } from './leftovers.ts';
import type { LiveSession } from './live.ts';
import type { SessionLogin } from './login.ts';
import { removeMasks } from './masks.ts';
import { findSaved, toKeep } from './next-attempt.ts';
import { failed, type SessionEnd } from './outcome.ts';
import { unfilledIn, withParams } from './params.ts';
import type { PlantedLogin } from './planted-login.ts';
import { prepare } from './prepare.ts';
import { discardLeftovers, prepareAgain, toPreparedRecord } from './prepare-again.ts';
import { findOwn, type Kept, type Prepared, SETTLE, saveLeft } from './prepared.ts';
import { configureAgain } from './seed-settings.ts';
import { Teardown } from './teardown.ts';
import { checkUntouched } from './untouched.ts';

/** How a session ends whose codex has died, or might as well have. */
const DEATHS: readonly unknown[] = ['codex-exited', 'codex-unresponsive', 'connection-closed'];
/** How often codex may die one after the other without the end of a turn in between. */
const MAX_DEATHS = 3;
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
  /** Ends what runs, after each attempt. */
  readonly #stopping = new Teardown();
  /** Tidies up what was prepared, after the last one. */
  readonly #teardown = new Teardown();
  readonly #started = performance.now();
  /** What codex was logged in with, and what it was lent since. */
  readonly #secrets = new Set<string>();
  #kept: Kept | undefined;
  #login: SessionLogin | undefined;
  #planted: PlantedLogin | undefined;
  #codex: CodexProcess | undefined;
  #live: LiveSession | undefined;
  /** What there was of it is stopped. */
  #isOver = false;
  /** The thread could not be taken up. */
  #isThreadLost = false;

  constructor(context: RunContext) {
    this.#context = context;
    this.#checkpoint = new SessionCheckpoint(context);
    this.#stopping.defer('give the login back', async () => this.#login?.release?.()); // last of all
  }

  async run(config: CodexTaskConfig): Promise<RunOutcome> {
    let ended: Ended;
    try {
      const { params } = this.#context;
      const checked = checkConfig(config);
      const unfilled = this.#checkpoint.state ? [] : unfilledIn(checked.instructions, params);
      for (const place of unfilled) this.#warn(`nothing was given for ${place}`);
      ended = await this.#work(withParams(checked, params));
    } catch (thrown) {
      ended = this.#ended(this.#context.signal.aborted ? { status: 'cancelled' } : failed(fromUnknown(thrown)));
    }
    // Whoever goes on with it must find everything as it is.
    if (!this.#context.detached.aborted) {
      const had = { status: ended.status, live: this.#live, isThreadLost: this.#isThreadLost };
      const kept = await toKeep(this.#context, this.#checkpoint.state, had);
      await this.#checkpoint.addIfHeld({ end: ended, kept: undefined, ...kept });
      if (!this.#context.detached.aborted) ended = { ...ended, ...(await this.#tearDown(ended, !kept)) };
    }
    const durationMs = Math.round(performance.now() - this.#started);
    const workspace = this.#kept?.settlement.report;
    return { ...ended, durationMs, ...(workspace && { workspace }) };
  }

  async #work(config: SessionConfig): Promise<Ended> {
    const context = this.#context;
    const saved = await findSaved(context, config, this.#checkpoint);
    const onSettled = (report: WorkspaceReport) => this.#checkpoint.addIfHeld({ report });
    const onLogin = (login: SessionLogin) => {
      this.#login = login;
    };
    const options = { context, config, teardown: this.#teardown, onSettled, onLogin };
    if (!saved) {
      await discardLeftovers(context, config);
      context.signal.throwIfAborted();
      const prepared = await prepare(options);
      this.#keep(prepared, config);
      await this.#checkpoint.begin(toPreparedRecord(prepared), prepared.login.seed);
      await this.#beginNextAttempt();
      return this.#converse(prepared, config);
    }
    const kept = await prepareAgain(options, saved.prepared);
    this.#keep(kept, config);
    if (saved.report) await kept.settlement.settledBefore(saved.report);
    else await kept.settlement.resume();
    if (saved.end && !this.#checkpoint.isNextAttempt) return saved.end;
    context.signal.throwIfAborted();
    const { isNextAttempt } = this.#checkpoint;
    if (isNextAttempt) await checkUntouched(context.host, kept);
    await this.#beginNextAttempt();
    // Until a codex was started with it in this attempt it is only what the attempt before had.
    const isLive = !isNextAttempt && saved.codex !== undefined;
    const own = await findOwn(options, { seed: saved.seed?.id, isLive });
    if (own.login.seed?.id !== saved.seed?.id) await this.#checkpoint.add({ seed: own.login.seed });
    if (!(saved.seed && isLive))
      this.#kept = await configureAgain({ ...options, checkpoint: this.#checkpoint }, kept, own.login);
    return this.#converse({ ...(this.#kept ?? kept), ...own }, config);
  }

  #warn(message: string): void {
    this.#context.emit({ type: 'notice', level: 'warning', message });
  }

  async #beginNextAttempt(): Promise<void> {
    if (this.#context.attempt === 1 || !this.#checkpoint.isNew) return;
    await this.#checkpoint.beginNextAttempt((await this.#context.history()).turnOrder.length);
  }

  /** From now on there is something to tidy up, whatever comes. */
  #keep(kept: Kept, config: SessionConfig): void {
    this.#kept = kept;
    const { host } = this.#context;
    this.#stopping.defer(CHECK_CONFIG, async () => {
      if (!this.#checkpoint.state?.report) await checkUntouched(host, this.#kept ?? kept);
    });
    this.#stopping.defer('remove what the sandbox has left in the place of denied paths', () =>
      removeMasks(host, kept.access.missing),
    );
    this.#stopping.defer('save the login', () => this.#settleLogin(config));
    this.#stopping.defer('stop codex', () => this.#stopCodex(kept), 30_000);
  }

  async #stopCodex(kept: Kept): Promise<void> {
    if (this.#codex) await this.#codex.stop();
    else if (this.#checkpoint.isResumed && !this.#checkpoint.isNextAttempt)
      await stopLeftCodex(this.#context, kept, this.#checkpoint);
    else return;
    this.#context.emit({ type: 'session.ended' });
  }

  /** What codex has made of its login; where another process had it, that is found in its place. */
  async #settleLogin(config: SessionConfig): Promise<void> {
    try {
      if (this.#planted) await this.#planted.settle();
      else await saveLeft(this.#context, config);
    } catch (thrown) {
      this.#login = undefined; // whoever got it now would use a token once more of which there is a newer one
      throw thrown;
    }
  }

  /** Until it is over. Where codex dies meanwhile, and more may be sent, another one goes on with its thread. */
  async #converse(prepared: Prepared, config: SessionConfig): Promise<Ended> {
    const { workspace, access, instructions } = prepared;
    for (const message of [...workspace.warnings, ...access.warnings, ...instructions.warnings]) this.#warn(message);
    let end = await this.#converseWith(prepared, config);
    for (let deaths = 0, turns = 0; this.#isDeath(end) && config.endRule !== 'firstTurn'; ) {
      deaths = this.#live?.turns === turns ? deaths + 1 : 1;
      if (deaths > MAX_DEATHS) break;
      turns = this.#live?.turns ?? 0;
      await this.#codex?.stop();
      end = await this.#converseWith(prepared, config, end.error);
    }
    return this.#ended(end);
  }

  async #converseWith(prepared: Prepared, config: SessionConfig, death?: SessionEnd['error']): Promise<SessionEnd> {
    const { planted } = prepared;
    if (planted) this.#guard(planted);
    const { live, sandbox } = await begin({
      context: this.#context,
      prepared,
      config,
      checkpoint: this.#checkpoint,
      secrets: this.#secrets,
      death,
      onCodex: (codex) => {
        this.#codex = codex;
      },
      onThreadLost: () => {
        this.#isThreadLost = true;
      },
    }).catch((thrown) => {
      planted?.lost.throwIfAborted(); // why codex was stopped says more
      throw thrown;
    });
    this.#live = live;
    await prepared.settlement.begin();
    const end = await live.converse();
    if (end.status === 'done' && !sandbox.isChecked) await sandbox.check();
    return end;
  }

  /** Once somebody else may have the login, two of them would renew it, and by that end it for both: nothing may go on. */
  #guard(planted: PlantedLogin): void {
    if (this.#planted) return;
    this.#planted = planted;
    const { detached } = this.#context;
    planted.watch();
    detached.addEventListener('abort', () => planted.leave(), { once: true });
    const stop = () => {
      if (detached.aborted || this.#isOver) return;
      this.#live?.finish(failed(fromUnknown(planted.lost.reason)));
      killSession(this.#context).catch(() => {}); // its teardown stops what is left
    };
    planted.lost.addEventListener('abort', stop, { once: true });
    if (planted.lost.aborted) stop();
  }

  #isDeath({ error }: SessionEnd): boolean {
    const { signal, detached } = this.#context;
    return DEATHS.includes(error?.code) && !signal.aborted && !detached.aborted;
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
    this.#isOver = true;
    for (const { name, error } of [...stopped, ...(isLast ? await this.#teardown.run() : [])]) {
      const { message, remedy } = error;
      const told = { message: `could not ${name}: ${message}`, ...(remedy && { remedy }) };
      this.#context.emit({ type: 'notice', level: 'error', ...told });
      if ((name === SETTLE || name === CHECK_CONFIG) && end.status === 'done') final = failed(error);
    }
    return final;
  }
}
