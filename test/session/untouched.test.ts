import { appendFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LocalHost } from '../../src/hosts/local.ts';
import type { Prepared } from '../../src/session/prepared.ts';
import { checkUntouched } from '../../src/session/untouched.ts';
import { subdirectory, testDirectory } from '../support/directories.ts';

/** A home of codex as we left it, and the check of it. */
function layOut() {
  const codexHome = testDirectory('home');
  const configText = 'model = "scripted"\n';
  writeFileSync(join(codexHome, 'config.toml'), configText);
  const prepared = { codexHome, configText } as Prepared;
  return { codexHome, check: () => checkUntouched(new LocalHost(), prepared) };
}

const changed = (what: string) =>
  expect.objectContaining({ code: 'sandbox-changed', message: expect.stringContaining(what) });

describe('checkUntouched', () => {
  it('is content with a configuration that is as we wrote it, whatever else is there', async () => {
    const { codexHome, check } = layOut();
    writeFileSync(join(codexHome, 'state.sqlite'), '');
    await check();
  });

  it.each(['[projects."/repo"]\ntrust_level = "trusted"\n', '\n', '# nothing\n'])(
    'throws when there is more in it: %j',
    async (more) => {
      const { codexHome, check } = layOut();
      appendFileSync(join(codexHome, 'config.toml'), more);
      await expect(check()).rejects.toEqual(changed('its config.toml is not as we wrote it'));
    },
  );

  it('is content with what we had written before, where a process may have died while it wrote anew', async () => {
    const { codexHome } = layOut();
    const check = (configBefore?: string) =>
      checkUntouched(new LocalHost(), { codexHome, configText: 'model = "next"\n', configBefore });
    await check('model = "scripted"\n');
    for (const before of [undefined, 'model = "other"\n'])
      await expect(check(before)).rejects.toEqual(changed('its config.toml'));
  });

  it('throws when there are rules, or a place for them', async () => {
    const { codexHome, check } = layOut();
    subdirectory(codexHome, 'rules');
    await expect(check()).rejects.toEqual(changed('rules were added'));
  });

  it('throws when it is gone', async () => {
    const { codexHome, check } = layOut();
    rmSync(join(codexHome, 'config.toml'));
    await expect(check()).rejects.toMatchObject({ code: 'not-found' });
  });
});
