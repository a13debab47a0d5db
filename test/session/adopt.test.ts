import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LocalHost } from '../../src/hosts/local.ts';
import { adoptUserConfig } from '../../src/session/adopt.ts';
import { testDirectory } from '../support/directories.ts';

const CONFIG = `
model = "theirs"
model_reasoning_effort = "high"
sandbox_mode = "danger-full-access"
notify = ["evil"]

[mcp_servers.docs]
command = "docs-server"
args = ["--stdio"]

[mcp_servers.other]
command = "other"
`;

/** What is taken over of a home with this config.toml. */
function adopt(names: readonly string[], text: string | undefined = CONFIG): Promise<Record<string, unknown>> {
  const home = testDirectory('adopt');
  if (text !== '') writeFileSync(join(home, 'config.toml'), text);
  return adoptUserConfig(new LocalHost(), home, names);
}

describe('adoptUserConfig', () => {
  it('takes over what was named, and nothing else', async () => {
    await expect(adopt(['model', 'effort', 'mcp:docs'])).resolves.toEqual({
      model: 'theirs',
      model_reasoning_effort: 'high',
      mcp_servers: { docs: { command: 'docs-server', args: ['--stdio'] } },
    });
  });

  it('takes several servers', async () => {
    const { mcp_servers } = await adopt(['mcp:docs', 'mcp:other']);
    expect(Object.keys(mcp_servers as object)).toEqual(['docs', 'other']);
  });

  it('does not read the file when nothing was named', async () => {
    await expect(adopt([], 'this is [no TOML')).resolves.toEqual({});
  });

  it.each([
    ['model', 'notify = []'],
    ['effort', ''],
    ['mcp:docs', 'model = "m"'],
    ['mcp:gone', CONFIG],
    ['mcp:constructor', CONFIG],
    ['model', 'this is [no TOML'],
  ])('refuses %s when the file is: %j', async (name, text) => {
    await expect(adopt([name], text)).rejects.toMatchObject({
      code: 'invalid-config',
      message: expect.stringContaining('config.toml'),
      details: { field: 'useConfig', remedy: expect.any(String) },
    });
  });
});
