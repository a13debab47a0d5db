import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { OptioConfig } from './config.ts';
import type { RunHandle } from './contract/api.ts';
import type { Check } from './contract/doctor.ts';
import type { RunSpec } from './contract/run-spec.ts';
import { fromUnknown, OptioError } from './errors.ts';
import type { Host } from './hosts/host.ts';
import { ScriptedModel } from './testing/model.ts';
import { run as runStep, say } from './testing/step.ts';

const REMEDY =
  "Codex's sandbox needs unprivileged user namespaces: allow them (sysctl kernel.unprivileged_userns_clone=1, and AppArmor's restriction off).";

export interface ProbeOptions {
  readonly config: OptioConfig;
  readonly host: Host;
  readonly run: (spec: RunSpec) => Promise<RunHandle>;
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
export async function* probeSandbox({ config, host, run }: ProbeOptions): AsyncIterable<Check> {
  const nonce = randomBytes(6).toString('hex');
  const server = createServer((_, response) => response.end(`reached:${nonce}`));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const targets: ProbeTargets = {
    nonce,
    secret: join(config.dataDir, `doctor-${nonce}`),
    outside: join(config.workspacesDir, `doctor-${nonce}`),
    port: (server.address() as AddressInfo).port,
  };
  const model = await ScriptedModel.start({ script: [runStep(probeCommand(targets)), say('Probed.')] });
  try {
    await host.writeFile(targets.secret, `read:${nonce}`);
    const spec: RunSpec = {
      instructions: 'Probe the sandbox.',
      workspace: { fresh: true },
      provider: { baseUrl: model.url },
      model: 'probe',
    };
    const output = await runProbe(host, await run(spec));
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
  return `echo "ran:${nonce}"; echo "wrote:${nonce}" > '${outside}'; cat '${secret}'; timeout 5 bash -c '${connect}'; true`;
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

async function runProbe(host: Host, handle: RunHandle): Promise<string> {
  let output = '';
  for await (const event of handle.events()) {
    if (event.type === 'item.completed' && event.item.kind === 'command') output += event.item.output;
  }
  const { workspace, status, error } = await handle.outcome;
  if (workspace) await host.removeDirectory(workspace.path);
  if (status === 'done') return output;
  if (!error) throw new OptioError('aborted', `the probe was ${status}`);
  throw new OptioError(error.code, error.message, error.remedy ? { remedy: error.remedy } : {});
}
