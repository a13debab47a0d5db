import { parse } from 'smol-toml';
import type { RunSpec } from '../../src/contract/run-spec.ts';
import { type CodexConfigOptions, writeCodexConfig } from '../../src/session/codex-config.ts';
import { checkConfig } from '../../src/session/config.ts';

const WORKSPACE = '/repo/space';
const ACCESS = { denied: ['/data', '/home/ada/.ssh'], writable: ['/caches', '/rw'], readable: ['/ro'] };

/** The config.toml of a run, as Codex reads it. */
export function readCodexConfig(
  spec: Partial<RunSpec> = {},
  options: Partial<CodexConfigOptions> = {},
): Record<string, unknown> {
  const config = checkConfig({ instructions: '', workspace: { directory: WORKSPACE }, ...spec });
  const text = writeCodexConfig({
    config,
    access: ACCESS,
    workspace: WORKSPACE,
    gitRoot: undefined,
    commandHome: '/homes/run-1',
    session: 'run-1',
    packageDir: '/opt/codex',
    hasLogin: true,
    catalogue: undefined,
    adopted: {},
    ...options,
  });
  return parse(text);
}
