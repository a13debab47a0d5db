import { randomBytes } from 'node:crypto';
import { rmdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { traceToFile } from './codex/trace.ts';
import type { OptioConfig } from './config.ts';
import type { Check } from './contract/doctor.ts';
import type { RunSpec } from './contract/run-spec.ts';
import { fromUnknown, OptioError } from './errors.ts';
import type { Host, ProcessIdentity } from './hosts/host.ts';
import { identify, isRunning } from './hosts/processes.ts';
import { quote } from './hosts/quote.ts';
import { sweepLeftovers } from './session/leftovers.ts';
import { createCodexTask } from './session/task.ts';
import { MemoryRun } from './task/memory.ts';
import { ScriptedModel } from './testing/model.ts';
import { say, shell } from './testing/step.ts';

const REMEDY =
  "Codex's sandbox needs unprivileged user namespaces: allow them (sysctl kernel.unprivileged_userns_clone=1, and AppArmor's restriction off).";

export interface ProbeOptions {
  readonly config: OptioConfig;
  readonly host: Host;
  /** Aborted when nobody wants to know any more. */
  readonly signal: AbortSignal;
}

/** What a command tries, so that one sees whether it can. */
export interface ProbeTargets {
  readonly nonce: string;
  /** A file of ours to read. */
  readonly secret: string;
  /** A file outside the workspace to write. */
  readonly outside: string;
  /** A server on this machine to reach. */
  readonly port: number;
}

/** Lets the real codex run a command that tries what it must not be able to do, and tells what became of it. */
export async function* probeSandbox(options: ProbeOptions): AsyncIterable<Check> {
  const { config, host } = options;
  const nonce = randomBytes(6).toString('hex');
  const server = createServer((_, response) => response.end(`reached:${nonce}`));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const targets: ProbeTargets = {
    nonce,
    secret: join(config.dataDir, `doctor-${nonce}`),
    outside: join(config.workspacesDir, `doctor-${nonce}`),
    port: (server.address() as AddressInfo).port,
  };
  const model = await ScriptedModel.start({ script: [shell(probeCommand(targets)), say('Probed.')] });
  try {
    await host.makeDirectory(config.dataDir);
    await host.writeFile(targets.secret, `read:${nonce}`);
    const spec: RunSpec = {
      instructions: 'Probe the sandbox.',
      workspace: { fresh: true },
      provider: { baseUrl: model.url },
      model: 'probe',
    };
    const output = await runProbe(options, spec);
    yield* judge(targets, output, await host.exists(targets.outside));
  } catch (thrown) {
    yield failed(fromUnknown(thrown));
  } finally {
    await model.close();
    server.close();
    // What could not be removed says nothing of the sandbox.
    await host.run(['rm', '-f', '--', targets.secret, targets.outside], { anyExitCode: true }).catch(() => {});
  }
}

function failed({ code, message, details }: OptioError): Check {
  const fallback = code === 'host-command-failed' ? 'Install what is missing, and put it on the PATH.' : REMEDY;
  return { name: 'sandbox', status: 'failed', detail: message, remedy: details.remedy ?? fallback };
}

/** Bash's own way to open a connection needs no program that may be missing. */
export function probeCommand({ nonce, secret, outside, port }: ProbeTargets): string {
  const connect = `exec 3<>/dev/tcp/127.0.0.1/${port}; printf "GET / HTTP/1.0\\r\\n\\r\\n" >&3; cat <&3`;
  return `echo "ran:${nonce}"; echo "wrote:${nonce}" > ${quote(outside)}; cat ${quote(secret)}; timeout 5 bash -c ${quote(connect)}; true`;
}

/** What the output of the probe, and what it left, say of the sandbox. */
export function judge({ nonce }: ProbeTargets, output: string, hasWritten: boolean): Check[] {
  if (!output.includes(`ran:${nonce}`)) {
    return [
      { name: 'sandbox', status: 'failed', detail: `no command could be run: ${output.slice(0, 300)}`, remedy: REMEDY },
    ];
  }
  const verdict = (what: string, isDenied: boolean): Check =>
    isDenied
      ? { name: `sandbox: ${what}`, status: 'ok', detail: 'denied' }
      : {
          name: `sandbox: ${what}`,
          status: 'failed',
          detail: 'a command could do it',
          remedy: 'Do not run anything here; report this.',
        };
  return [
    { name: 'sandbox: commands', status: 'ok', detail: 'a command ran in the workspace' },
    verdict('write outside', !hasWritten),
    verdict('read our data', !output.includes(`read:${nonce}`)),
    verdict('network', !output.includes(`reached:${nonce}`)),
  ];
}

/** Runs the probe in this process and in memory: it needs nothing of what another process may have hold of. */
async function runProbe({ config, host, signal }: ProbeOptions, spec: RunSpec): Promise<string> {
  const directories = { data: config.dataDir, workspaces: config.workspacesDir };
  const runs = join(config.dataDir, 'doctor');
  await sweepLeftovers({ host, directories, runs, isKept: (runId) => isRunning(identityOf(runId)) });
  const runId = runIdOf(identify(process.pid));
  const run = new MemoryRun({
    runId,
    host,
    directories: { ...directories, run: join(runs, runId) },
    env: config.env,
    trace: config.traceFile ? traceToFile(config.traceFile) : undefined,
  });
  const cancel = () => run.cancel('nobody waits for the probe');
  signal.addEventListener('abort', cancel, { once: true });
  if (signal.aborted) cancel();
  const probe = createCodexTask({
    id: 'probe',
    name: 'Probe',
    config: { ...spec, autoStart: true, endRule: 'firstTurn' },
  });
  const { workspace, status, error } = await run.execute(probe);
  signal.removeEventListener('abort', cancel);
  await rmdir(runs).catch(() => {}); // another doctor may be at work
  if (workspace) await host.removeDirectory(workspace.path);
  if (status === 'done') {
    const { turns } = await run.history();
    const items = Object.values(turns).flatMap((turn) => Object.values(turn.items));
    return items.map(({ item }) => (item.kind === 'command' ? item.output : '')).join('');
  }
  if (!error) throw new OptioError('aborted', `the probe was ${status}`);
  throw new OptioError(error.code, error.message, error.remedy ? { remedy: error.remedy } : {});
}

/** A run of the doctor is called as the process that runs it, so that one sees whether that lives. */
function runIdOf({ pid, startTime, bootId }: ProcessIdentity): string {
  return `doctor-${pid}-${startTime ?? ''}-${bootId}`;
}

function identityOf(runId: string): ProcessIdentity {
  const [, pid, startTime, bootId = ''] = /^doctor-(\d+)-(\d*)-(.*)$/.exec(runId) ?? [];
  return { pid: Number(pid), startTime: startTime ? Number(startTime) : null, bootId };
}
