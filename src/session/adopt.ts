import { join } from 'node:path';
import { parse } from 'smol-toml';
import { OptioError } from '../errors.ts';
import type { Host } from '../hosts/host.ts';

/**
 * Takes over what a run asks for by name from the user's own config.toml: the model, the effort, single MCP servers.
 * Nothing else of that file has any effect on a run. Throws `invalid-config` for what is not there.
 */
export async function adoptUserConfig(
  host: Host,
  userCodexHome: string,
  names: readonly string[],
): Promise<Record<string, unknown>> {
  if (names.length === 0) return {};
  const own = await readUserConfig(host, join(userCodexHome, 'config.toml'));
  const adopted: Record<string, unknown> = {};
  const servers: Record<string, unknown> = {};
  for (const name of names) {
    if (name === 'model') adopted.model = present(own.model, name, userCodexHome);
    else if (name === 'effort')
      adopted.model_reasoning_effort = present(own.model_reasoning_effort, name, userCodexHome);
    else {
      const server = name.slice('mcp:'.length);
      servers[server] = present(
        (own.mcp_servers as Record<string, unknown> | undefined)?.[server],
        name,
        userCodexHome,
      );
    }
  }
  return { ...adopted, ...(Object.keys(servers).length > 0 && { mcp_servers: servers }) };
}

async function readUserConfig(host: Host, file: string): Promise<Record<string, unknown>> {
  try {
    return parse((await host.readFile(file)).toString('utf8'));
  } catch (cause) {
    throw new OptioError('invalid-config', `useConfig: ${file} cannot be read: ${(cause as Error).message}`, {
      field: 'useConfig',
      cause,
      remedy: 'Correct the file, or leave useConfig out.',
    });
  }
}

function present(value: unknown, name: string, userCodexHome: string): unknown {
  if (value !== undefined) return value;
  throw new OptioError('invalid-config', `useConfig: ${userCodexHome}/config.toml has no "${name}"`, {
    field: 'useConfig',
    remedy: 'Name only what is there.',
  });
}
