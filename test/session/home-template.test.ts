import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PINNED_VERSION } from '../../src/codex/binary.ts';
import { LocalHost } from '../../src/hosts/local.ts';
import { fillCodexHome } from '../../src/session/home-template.ts';
import { subdirectory, testDirectory } from '../support/directories.ts';

/** No codex can be started here. */
const binary = { path: '/nowhere/codex', packageDir: '/nowhere' };

describe('fillCodexHome', () => {
  it('copies the template that is there, without starting codex', async () => {
    const dataDir = testDirectory();
    const home = subdirectory(dataDir, 'home');
    writeFileSync(
      join(subdirectory(dataDir, 'templates', `codex-${PINNED_VERSION}`), 'installation_id'),
      'made before',
    );
    await fillCodexHome({ host: new LocalHost(), dataDir, binary }, home);
    expect(readFileSync(join(home, 'installation_id'), 'utf8')).toBe('made before');
  });

  it('does away with a template that is broken, and leaves the home to codex when it cannot be made anew', async () => {
    const dataDir = testDirectory();
    const home = subdirectory(dataDir, 'home');
    writeFileSync(join(subdirectory(dataDir, 'templates', `codex-${PINNED_VERSION}`), 'state.sqlite'), 'no database');
    await fillCodexHome({ host: new LocalHost(), dataDir, binary }, home);
    expect(readdirSync(home)).toEqual([]);
    expect(readdirSync(join(dataDir, 'templates'))).toEqual([]);
  });

  it('leaves the home to codex when no template can be made', async () => {
    const dataDir = testDirectory();
    const home = subdirectory(dataDir, 'home');
    await fillCodexHome({ host: new LocalHost(), dataDir, binary }, home);
    expect(readdirSync(home)).toEqual([]);
    expect(readdirSync(join(dataDir, 'templates'))).toEqual([]);
  });
});
