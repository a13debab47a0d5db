import type { SandboxReport } from '../../contract/event.ts';
import { printableName } from '../terminal/text.ts';

/** How a session is confined, in a line: `workspace-write, no network · asks: on-request`. */
export function describeSandbox({ mode, isolation, network, approvalPolicy }: SandboxReport): string {
  const hosts = Array.isArray(network) ? network.join(', ') : undefined;
  const reach = hosts ?? (network ? 'network' : 'no network');
  const strict = isolation === 'strict' ? ', strict' : '';
  return printableName(`${mode}${strict}, ${reach} · asks: ${approvalPolicy}`);
}
