import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { traceToFile } from './codex/trace.ts';
import { type ConfigOptions, type OptioConfig, readConfig } from './config.ts';
import type { DemoOptions, OptioApi, RunHandle } from './contract/api.ts';
import type { Check } from './contract/doctor.ts';
import type { RunOutcome } from './contract/outcome.ts';
import type { RunSpec } from './contract/run-spec.ts';
import { diagnose } from './doctor.ts';
import type { Host } from './hosts/host.ts';
import { LocalHost } from './hosts/local.ts';
import { sweepDeadSessions } from './session/record.ts';
import { createCodexTask } from './session/task.ts';
import { MemoryRun } from './task/memory.ts';
import type { Task } from './task/task.ts';
import { DEMO_FILES, DEMO_TASK, demoScript } from './testing/demo.ts';
import { ScriptedModel } from './testing/model.ts';

export interface OptioOptions extends ConfigOptions {
  /** Where runs run; this machine unless told otherwise. */
  readonly host?: Host;
}

/** All of optio-codex in this process. Its runs end with it. */
export class Optio implements OptioApi {
  readonly #config: OptioConfig;
  readonly #host: Host;
  readonly #running = new Map<MemoryRun, Promise<RunOutcome>>();

  private constructor(config: OptioConfig, host: Host) {
    this.#config = config;
    this.#host = host;
  }

  /** Opens it, and clears away what a process that died before us has left. Throws `invalid-config`. */
  static async open(options: OptioOptions = {}): Promise<Optio> {
    const config = readConfig(options);
    const host = options.host ?? new LocalHost(config.env.HOME ? { home: config.env.HOME } : {});
    await host.makeDirectory(config.dataDir);
    await sweepDeadSessions(host, join(config.dataDir, 'runs'));
    return new Optio(config, host);
  }

  /** Begins by itself and ends with its first turn, unless the spec says otherwise. */
  async run(spec: RunSpec): Promise<RunHandle> {
    const runId = newRunId();
    const config: RunSpec = { autoStart: true, endRule: 'firstTurn', ...spec };
    return this.#start(createCodexTask({ id: runId, name: spec.instructions.slice(0, 60), config }), runId);
  }

  /** Runs a task of one's own. */
  async execute(task: Task): Promise<RunHandle> {
    return this.#start(task, newRunId());
  }

  #start(task: Task, runId: string): RunHandle {
    const { dataDir: data, workspacesDir: workspaces, env, traceFile } = this.#config;
    const run = new MemoryRun({
      runId,
      taskId: task.id,
      host: this.#host,
      directories: { data, run: join(data, 'runs', runId), workspaces },
      env,
      trace: traceFile ? traceToFile(traceFile) : undefined,
    });
    const outcome = run.execute(task);
    this.#running.set(run, outcome);
    void outcome.finally(() => this.#running.delete(run));
    return toHandle(run, outcome);
  }

  async demo(options: DemoOptions = {}): Promise<RunHandle> {
    const model = await ScriptedModel.start({ script: demoScript(options) });
    try {
      const handle = await this.run({
        instructions: DEMO_TASK,
        workspace: { fresh: true, files: DEMO_FILES },
        provider: {
          baseUrl: model.url,
          name: 'the scripted model',
          models: [{ id: 'scripted', name: 'Scripted model', contextWindow: 128_000 }],
        },
        model: 'scripted',
        permissionGate: true,
      });
      void handle.outcome.finally(() => model.close());
      return handle;
    } catch (error) {
      await model.close(); // nobody else knows of it
      throw error;
    }
  }

  doctor(): AsyncIterable<Check> {
    return diagnose({ config: this.#config, host: this.#host, run: (spec) => this.run(spec) });
  }

  async close(): Promise<void> {
    for (const run of this.#running.keys()) run.cancel('optio-codex is closing');
    await Promise.allSettled(this.#running.values());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** Names the run's private directory and its mark as well, so it is never somebody else's to choose. */
function newRunId(): string {
  return `run-${randomBytes(5).toString('hex')}`;
}

function toHandle(run: MemoryRun, outcome: Promise<RunOutcome>): RunHandle {
  return {
    id: run.runId,
    outcome,
    events: (options) => run.events(options),
    send: async (message, { steer = false } = {}) => run.controls.send(message, { steer }),
    interrupt: async () => run.controls.interrupt(),
    requestModelChange: (model) => run.controls.requestModelChange(model),
    finish: () => run.controls.finish(),
    cancel: (reason) => run.cancel(reason),
    answer: (requestId, answer) => run.answer(requestId, answer, 'caller'),
  };
}
