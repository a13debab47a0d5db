import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { withSettings } from '../../src/cli/run-settings.ts';
import { readConfig } from '../../src/config.ts';
import { testDirectory } from '../support/directories.ts';

/** What a configuration file says that says this of `run`. */
function configured(...lines: string[]) {
  const home = testDirectory('config');
  const file = join(home, 'config.toml');
  writeFileSync(file, ['[run]', ...lines].join('\n'));
  return readConfig({ env: { HOME: home, OPTIO_CODEX_CONFIG: file } }).settings;
}

describe('withSettings', () => {
  it('takes what no flag says from the file', () => {
    const options = configured('model = "m"', 'effort = "low"', 'sandbox = "read-only"', 'approve = "untrusted"');
    expect(withSettings({}, options)).toEqual({
      model: 'm',
      effort: 'low',
      sandbox: 'read-only',
      approve: 'untrusted',
    });
  });

  it('lets a flag have the last word, and keeps the others', () => {
    const flags = { model: 'other', approve: 'never', strict: true } as const;
    expect(withSettings(flags, configured('model = "m"', 'approve = "untrusted"', 'effort = "low"'))).toEqual({
      ...flags,
      effort: 'low',
    });
  });

  it("takes Codex's own model and effort where --use-config says so", () => {
    const flags = { useConfig: ['model', 'effort', 'mcp:docs'] };
    expect(withSettings(flags, configured('model = "m"', 'effort = "low"'))).toEqual(flags);
  });

  it('refuses full access for every run, which is to be said each time', () => {
    expect(() => withSettings({}, configured('sandbox = "danger-full-access"'))).toThrow(
      expect.objectContaining({ code: 'invalid-config' }),
    );
  });
});
