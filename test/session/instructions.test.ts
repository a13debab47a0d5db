import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunSpec } from '../../src/contract/run-spec.ts';
import { LocalHost } from '../../src/hosts/local.ts';
import { checkConfig } from '../../src/session/config.ts';
import { composeInstructions, type Instructions } from '../../src/session/instructions.ts';
import { subdirectory, testDirectory } from '../support/directories.ts';

const KIB = 1024;

interface Place {
  readonly workspace: string;
  readonly gitRoot?: string;
}

function compose({ workspace, gitRoot }: Place, spec: Partial<RunSpec> = {}): Promise<Instructions> {
  const config = checkConfig({ instructions: '', workspace: { directory: workspace }, permissionGate: true, ...spec });
  return composeInstructions({ host: new LocalHost(), config, workspace, gitRoot });
}

function writeGuide(directory: string, text: string): void {
  writeFileSync(join(directory, 'AGENTS.md'), text);
}

describe('composeInstructions', () => {
  it('says nothing when there is nothing to say', async () => {
    await expect(compose({ workspace: testDirectory() })).resolves.toEqual({ text: '', guides: [], warnings: [] });
  });

  it('says that nobody watches, where nobody does', async () => {
    const { text } = await compose({ workspace: testDirectory() }, { permissionGate: false });
    expect(text).toMatch(/^Nobody watches this run/);
  });

  it('puts the task ahead of every message, unless it is the first message itself', async () => {
    const workspace = testDirectory();
    expect((await compose({ workspace }, { instructions: 'Be brief.' })).text).toBe('Be brief.');
    expect((await compose({ workspace }, { instructions: 'Be brief.', autoStart: true })).text).toBe('');
  });

  it('hands over the guides from the root of the repository down to the workspace', async () => {
    const gitRoot = testDirectory();
    const workspace = subdirectory(gitRoot, 'packages', 'a');
    for (const [directory, text] of [
      [gitRoot, 'Outer.\n'],
      [workspace, 'Inner.'],
    ] as const) {
      writeGuide(directory, text);
    }
    const { text, guides } = await compose({ workspace, gitRoot }, { instructions: 'Be brief.' });
    expect(guides).toEqual(['AGENTS.md', 'packages/a/AGENTS.md']);
    expect(text).toBe(
      'Be brief.\n\n# AGENTS.md, from the repository\n\nOuter.\n\n# packages/a/AGENTS.md, from the repository\n\nInner.',
    );
  });

  it.each(['no repository', 'a repository elsewhere'])('reads nothing above the workspace with %s', async (where) => {
    const root = testDirectory();
    const [workspace, elsewhere] = [subdirectory(root, 'workspace'), subdirectory(root, 'elsewhere')];
    writeGuide(root, 'Above.');
    writeGuide(elsewhere, 'Elsewhere.');
    const place = where === 'no repository' ? { workspace } : { workspace, gitRoot: elsewhere };
    await expect(compose(place)).resolves.toEqual({ text: '', guides: [], warnings: [] });
  });

  it('leaves out a guide that is a link, and says so', async () => {
    const root = testDirectory();
    const workspace = subdirectory(root, 'workspace');
    writeFileSync(join(root, 'auth.json'), '{"token":"secret-1"}');
    symlinkSync(join(root, 'auth.json'), join(workspace, 'AGENTS.md'));
    const { text, guides, warnings } = await compose({ workspace });
    expect({ text, guides }).toEqual({ text: '', guides: [] });
    expect(warnings).toEqual([expect.stringMatching(/^AGENTS\.md is a link/)]);
  });

  it('leaves out a guide behind a directory that is a link', async () => {
    const root = testDirectory();
    const gitRoot = subdirectory(root, 'repository');
    const outside = subdirectory(root, 'outside');
    writeGuide(outside, 'Outside.');
    symlinkSync(outside, join(gitRoot, 'linked'));
    const { text, warnings } = await compose({ workspace: join(gitRoot, 'linked'), gitRoot });
    expect(text).toBe('');
    expect(warnings).toEqual([expect.stringMatching(/^linked\/AGENTS\.md/)]);
  });

  it('leaves out a guide that is a directory, and says so', async () => {
    const workspace = testDirectory();
    mkdirSync(join(workspace, 'AGENTS.md'));
    await expect(compose({ workspace })).resolves.toMatchObject({ text: '', warnings: [expect.any(String)] });
  });

  it('takes up to 64 KiB of all guides together, and says what it cut', async () => {
    const gitRoot = testDirectory();
    const middle = subdirectory(gitRoot, 'a');
    const workspace = subdirectory(middle, 'b');
    writeGuide(gitRoot, 'x'.repeat(60 * KIB));
    writeGuide(middle, 'y'.repeat(5 * KIB));
    writeGuide(workspace, 'z');
    const { text, guides, warnings } = await compose({ workspace, gitRoot });
    expect(text.match(/y+/g)?.map((found) => found.length)).toContain(4 * KIB);
    expect(text).not.toContain('z');
    expect(guides).toEqual(['AGENTS.md', 'a/AGENTS.md']);
    expect(warnings).toEqual([
      expect.stringMatching(/^a\/AGENTS\.md was cut/),
      expect.stringMatching(/^a\/b\/AGENTS\.md was cut/),
    ]);
  });

  it('takes exactly 64 KiB whole', async () => {
    const workspace = testDirectory();
    writeGuide(workspace, 'x'.repeat(64 * KIB));
    const { text, warnings } = await compose({ workspace });
    expect(text).toContain('x'.repeat(64 * KIB));
    expect(warnings).toEqual([]);
  });

  it('cuts no character in two', async () => {
    const workspace = testDirectory();
    writeGuide(workspace, `xx${'€'.repeat(64 * KIB)}`);
    expect((await compose({ workspace })).text.endsWith('€€')).toBe(true);
  });

  it('passes over a guide that says nothing', async () => {
    const workspace = testDirectory();
    writeGuide(workspace, ' \n');
    await expect(compose({ workspace })).resolves.toEqual({ text: '', guides: [], warnings: [] });
  });
});
