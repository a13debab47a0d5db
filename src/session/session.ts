import { setTimeout as delay } from 'node:timers/promises';
import { CodexConversation } from '../codex/conversation.ts';
import type { CodexEvent } from '../codex/events.ts';
import { type CodexProcess, launchCodex } from '../codex/launch.ts';
import type { Turn, TurnResult } from '../codex/turn.ts';
import type { RunOutcome } from '../contract/outcome.ts';
import { addUsage, NO_USAGE } from '../contract/usage.ts';
import { fromUnknown } from '../errors.ts';
import type { RunContext } from '../task/context.ts';
import { FULL_ACCESS, LOCKED } from './codex-config.ts';
import { type CodexTaskConfig, checkConfig, type SessionConfig } from './config.ts';
import { AccessGuard } from './guard.ts';
import { Narrator } from './narrator.ts';
import { codexEnded, endOfTurn, failed, type SessionEnd } from './outcome.ts';
import { type Prepared, prepare, SETTLE } from './prepare.ts';
import { writeRecord } from './record.ts';
import { checkSandbox } from './sandbox-check.ts';
import { Teardown } from './teardown.ts';
import { checkUntouched } from './untouched.ts';

/** How long the last turn may take to end when a run is cancelled, in milliseconds; the process is stopped anyway. */
const INTERRUPT_DEADLINE_MS = 5_000;
const CHECK_CONFIG = 'check that the sandbox was left alone';

/**
 * Runs one Codex session from its preparation to its teardown and gives its outcome, which is the last event of its
 * journal too. It never rejects: whatever goes wrong is the outcome.
 */
export async function runCodexSession(context: RunContext, config: CodexTaskConfig): Promise<RunOutcome> {
  return new Session(context).run(config);
}

class Session {
  readonly #context: RunContext;
  readonly #teardown = new Teardown();
  readonly #started = performance.now();
  /** Settled by whoever first knows the end: a turn, a person, a cancellation, the death of codex. */
  readonly #end = Promise.withResolvers<SessionEnd>();
  /** What codex was logged in with, and what it was lent since. */
  readonly #secrets = new Set<string>();
  #prepared: Prepared | undefined;
  #narrator: Narrator | undefined;
  #threadId: string | undefined;
  #lastTurn: TurnResult | undefined;
  #usage = NO_USAGE;
  #turns = 0;

  constructor(context: RunContext) {
    this.#context = context;
  }

  async run(config: CodexTaskConfig): Promise<RunOutcome> {
    this.#context.emit({ type: 'run.state', state: 'starting' });
    let end: SessionEnd;
    try {
      end = await this.#converse(checkConfig(config));
    } catch (thrown) {
      end = this.#context.signal.aborted ? { status: 'cancelled' } : failed(fromUnknown(thrown));
    }
    end = await this.#tearDown(end);
    const outcome: RunOutcome = {
      text: this.#lastTurn?.text ?? '',
      ...end,
      durationMs: Math.round(performance.now() - this.#started),
      usage: this.#usage,
      turns: this.#turns,
      ...(this.#threadId && { threadId: this.#threadId }),
      ...(this.#prepared && { workspace: this.#prepared.settlement.report }),
    };
    this.#context.emit({ type: 'run.ended', outcome });
    return outcome;
  }

  async #converse(config: SessionConfig): Promise<SessionEnd> {
    const context = this.#context;
    context.signal.throwIfAborted();
    const prepared = await prepare({ context, config, teardown: this.#teardown });
    this.#prepared = prepared;
    const { workspace, access, instructions } = prepared;
    for (const message of [...workspace.warnings, ...access.warnings, ...instructions.warnings]) {
      context.emit({ type: 'notice', level: 'warning', message });
    }
    const codex = await this.#launch(prepared);
    const conversation = await this.#bootstrap(codex, prepared, config);
    const narrator = this.#narrator as Narrator;
    await prepared.settlement.begin();
    // Codex runs nothing when its sandbox is broken, but would not say so if it let a command past a list of hosts.
    const hasHostList = Array.isArray(config.networkAccess);
    if (hasHostList) await this.#checkSandbox(codex, prepared, config);

    const cancel = () => this.#end.resolve({ status: 'cancelled' });
    context.signal.addEventListener('abort', cancel, { once: true });
    const takeBack = context.serve({
      send: async (text, { steer }) => ({ turnId: this.#follow(await narrator.send({ text, steer }), config).id }),
      interrupt: () => conversation.interrupt(),
      finish: () => this.#end.resolve({ status: 'done' }),
      requestModelChange: (model) => conversation.requestModelChange(model),
    });
    try {
      context.signal.throwIfAborted();
      context.emit({ type: 'run.state', state: 'running' });
      if (config.autoStart) {
        const { instructions: text, images, outputSchema } = config;
        this.#follow(await narrator.send({ text, outputSchema, ...(images && { images }) }), config);
      }
      const checked = hasHostList ? undefined : this.#checkSandbox(codex, prepared, config);
      checked?.catch((error: unknown) => this.#end.resolve(failed(fromUnknown(error))));
      const end = await this.#end.promise;
      if (end.status === 'done') await checked;
      return end;
    } finally {
      takeBack();
      context.signal.removeEventListener('abort', cancel);
      const hurry = delay(INTERRUPT_DEADLINE_MS, undefined, { ref: false });
      if (!conversation.closed) await Promise.race([conversation.interrupt().catch(() => {}), hurry]);
    }
  }

  async #launch(prepared: Prepared): Promise<CodexProcess> {
    const { host, runId, directories, trace } = this.#context;
    const { binary, codexHome, env, commandHome, login } = prepared;
    if (login.login) this.#secrets.add(login.login.type === 'apiKey' ? login.login.apiKey : login.login.accessToken);
    const codex = await launchCodex({
      host,
      binary: binary.path,
      codexHome,
      cwd: directories.run,
      env,
      session: runId,
      over: 'socket',
      secrets: this.#secrets,
      ...(trace && { trace }),
    });
    this.#teardown.defer(CHECK_CONFIG, () => checkUntouched(host, prepared));
    const stop = async () => {
      await codex.stop();
      this.#context.emit({ type: 'session.ended' });
    };
    this.#teardown.defer('stop codex', stop, 30_000);
    await writeRecord(host, directories.run, { runId, codex: codex.process.identity, directories: [commandHome] });
    return codex;
  }

  async #checkSandbox(codex: CodexProcess, prepared: Prepared, config: SessionConfig): Promise<void> {
    if (config.sandbox === 'danger-full-access') return;
    await checkSandbox({
      connect: codex.connect,
      codexHome: prepared.codexHome,
      workspace: prepared.workspace.path,
      hasHostList: Array.isArray(config.networkAccess),
    });
  }

  async #bootstrap(codex: CodexProcess, prepared: Prepared, config: SessionConfig): Promise<CodexConversation> {
    const { login, instructions, workspace } = prepared;
    const conversation = new CodexConversation({
      cwd: workspace.path,
      permissionGate: config.permissionGate,
      approvalPolicy: config.approvalPolicy,
      experimentalApi: true,
      rawEvents: true,
      sandbox: null,
      expectProfile: profileOf(config),
      ...(config.model && { model: config.model }),
      ...(config.reasoningEffort && { reasoningEffort: config.reasoningEffort }),
      ...(instructions.text && { developerInstructions: instructions.text }),
      ...(login.login && { login: login.login }),
      ...(config.deadlines?.retryMs && { deadlines: { retryMs: config.deadlines.retryMs } }),
    });
    this.#narrator = new Narrator(this.#context, conversation, new AccessGuard(this.#context.host, prepared.access));
    conversation.onEvent((event) => this.#onClosed(conversation, event));
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
    await conversation.bootstrap();
    this.#threadId = conversation.threadId ?? '';
    this.#context.emit({
      type: 'session.started',
      threadId: this.#threadId,
      isResumed: false,
      codexVersion: conversation.serverInfo?.version ?? 'unknown',
      model: conversation.currentModelId ?? 'unknown',
      login: login.label,
      workspace: { path: workspace.path, kind: workspace.kind },
      sandbox: {
        mode: config.sandbox,
        isolation: config.isolation,
        network: config.sandbox === 'danger-full-access' || config.networkAccess,
        profile: profileOf(config),
        approvalPolicy: config.approvalPolicy,
      },
    });
    return conversation;
  }

  /** Counts a turn when it has ended, and ends the run with it where that is the rule. */
  #follow(turn: Turn, config: SessionConfig): Turn {
    const count = (result: TurnResult) => {
      if (this.#lastTurn?.id === result.id) return; // a message that was steered into a turn shares its end
      this.#lastTurn = result;
      this.#usage = addUsage(this.#usage, result.usage);
      this.#turns++;
      const end = config.endRule === 'firstTurn' ? endOfTurn(result, config.outputSchema !== undefined) : undefined;
      if (end) this.#end.resolve(end);
    };
    turn.completed.then(count, () => {}); // the end of the conversation ends the run by itself
    return turn;
  }

  #onClosed(conversation: CodexConversation, event: CodexEvent): void {
    if (!('type' in event) || event.type !== 'x-optio-closed') return;
    const reason = conversation.endReason;
    this.#end.resolve(failed(reason && reason.code !== 'connection-closed' ? reason : codexEnded(event)));
  }

  /** A step that fails is told; where the run's promises hang on it, the run has failed. */
  async #tearDown(end: SessionEnd): Promise<SessionEnd> {
    let final = end;
    for (const { name, error } of await this.#teardown.run()) {
      const { message, remedy } = error;
      const told = { message: `could not ${name}: ${message}`, ...(remedy && { remedy }) };
      this.#context.emit({ type: 'notice', level: 'error', ...told });
      if ((name === SETTLE || name === CHECK_CONFIG) && end.status === 'done') final = failed(error);
    }
    return final;
  }
}

function profileOf(config: SessionConfig): string {
  return config.sandbox === 'danger-full-access' ? FULL_ACCESS : LOCKED;
}
