import type { SandboxReport } from '../../../../src/contract/event.ts';

/** No sandbox at all: it is told loudly. */
export function isFullAccess({ mode }: Pick<SandboxReport, 'mode'>): boolean {
  return mode === 'danger-full-access';
}

/** How a run is confined, in a line. */
export function sandboxSummary({ mode, isolation, network }: SandboxReport): string {
  if (isFullAccess({ mode })) return 'full access, no sandbox';
  const files = mode === 'read-only' ? 'reads only' : 'writes in the workspace';
  const sees = isolation === 'strict' ? ', sees nothing else' : '';
  return `${files}${sees}, ${networkInWords(network)}`;
}

function networkInWords(network: SandboxReport['network']): string {
  if (network === true) return 'whole network';
  if (network === false || network.length === 0) return 'no network';
  return network.length <= 2 ? `network: ${network.join(', ')}` : `network: ${network.length} hosts`;
}
