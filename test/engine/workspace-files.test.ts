import { mkdirSync, readFileSync, renameSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunEventOf } from '../../src/contract/event.ts';
import type { RunOutcome } from '../../src/contract/outcome.ts';
import { workspaceListingSchema } from '../../src/contract/workspace-file.ts';
import { toRunHandle } from '../../src/engine/run-handle.ts';
import { subdirectory, testDirectory } from '../support/directories.ts';
import { done, openEngine, taskOf, told } from '../support/engine.ts';
import { failureOf } from '../support/failure.ts';

const MAX_BYTES = 64 * 1024 * 1024;

function startedIn(path: string): Omit<RunEventOf<'session.started'>, 'seq' | 'at'> {
  return {
    type: 'session.started',
    threadId: 'thread',
    isResumed: false,
    codexVersion: '0.169.0',
    model: 'scripted',
    login: 'none',
    workspace: { path, kind: 'directory' },
    sandbox: { mode: 'read-only', isolation: 'standard', network: false, profile: 'locked', approvalPolicy: 'never' },
  };
}

/** A run that has told where it works, or not, and goes on; or has ended with this outcome. */
async function makeRun({ path, outcome }: { readonly path?: string; readonly outcome?: RunOutcome }) {
  const { engine } = await openEngine();
  const { promise: began, resolve } = Promise.withResolvers<void>();
  await engine.tasks.define(
    taskOf(async (context) => {
      if (path !== undefined) context.emit(startedIn(path));
      await context.written();
      resolve();
      if (outcome) return outcome;
      await told(context.signal);
      return { ...done(), status: 'cancelled' };
    }),
  );
  const handle = toRunHandle(engine, (await engine.launch('task')).id);
  await began;
  if (outcome) await handle.outcome;
  return handle;
}

async function makeWorkspace() {
  const root = testDirectory('workspace');
  const workspace = subdirectory(root, 'work');
  writeFileSync(join(subdirectory(workspace, 'src'), 'a.txt'), 'hello');
  return { root, workspace, handle: await makeRun({ path: workspace }) };
}

describe('the files of a workspace', () => {
  it('are listed as the contract says, with their paths from the workspace on', async () => {
    const { workspace, handle } = await makeWorkspace();
    const [top, below] = [await handle.listFiles(), await handle.listFiles('./src/')];
    for (const listing of [top, below]) expect(workspaceListingSchema.parse(listing)).toEqual(listing);
    expect(top).toMatchObject({ workspace, path: '', isPartial: false, entries: [{ path: 'src', kind: 'directory' }] });
    expect(below).toMatchObject({
      path: 'src',
      entries: [{ name: 'a.txt', path: 'src/a.txt', kind: 'file', size: 5 }],
    });
  });

  it('are listed up to 10,000, and that there are more is told', async () => {
    const { workspace, handle } = await makeWorkspace();
    for (let index = 0; index < 10_000; index++) writeFileSync(join(workspace, `${index}`), '');
    const { entries, isPartial } = await handle.listFiles();
    expect([entries.length, isPartial]).toEqual([10_000, true]);
  });

  it('are read and written', async () => {
    const { workspace, handle } = await makeWorkspace();
    const content = Buffer.from([0, 255, 10]);
    await handle.writeFile('new/b.bin', content);
    expect(readFileSync(join(workspace, 'new/b.bin'))).toEqual(content);
    expect(Buffer.from(await handle.readFile('new/b.bin'))).toEqual(content);
    expect(Buffer.from(await handle.readFile(join(workspace, 'src/a.txt'))).toString()).toBe('hello');
  });

  it('are neither read nor written when they are larger than 64 MiB', async () => {
    const { workspace, handle } = await makeWorkspace();
    writeFileSync(join(workspace, 'large'), '');
    truncateSync(join(workspace, 'large'), MAX_BYTES + 1);
    expect(await failureOf(handle.readFile('large'))).toMatchObject({ code: 'message-too-large' });
    truncateSync(join(workspace, 'large'), MAX_BYTES);
    expect((await handle.readFile('large')).length).toBe(MAX_BYTES);
    const tooLarge = Buffer.alloc(MAX_BYTES + 1);
    expect(await failureOf(handle.writeFile('new', tooLarge))).toMatchObject({ code: 'message-too-large' });
    expect(await failureOf(handle.readFile('new'))).toMatchObject({ code: 'not-found' });
  });

  it('are not reached through links, nor outside of it', async () => {
    const { root, workspace, handle } = await makeWorkspace();
    writeFileSync(join(root, 'secret'), 'secret');
    symlinkSync('../secret', join(workspace, 'link'));
    symlinkSync('..', join(workspace, 'up'));
    for (const path of ['link', 'up/secret']) {
      expect(await failureOf(handle.readFile(path)), path).toMatchObject({ code: 'not-found' });
      expect(await failureOf(handle.writeFile(path, Buffer.from('x'))), path).toMatchObject({ code: 'path-refused' });
    }
    expect(await failureOf(handle.listFiles('up'))).toMatchObject({ code: 'not-found' });
    for (const path of ['../secret', '/etc/passwd', 'src/../../secret']) {
      expect(await failureOf(handle.readFile(path)), path).toMatchObject({ code: 'path-refused' });
      expect(await failureOf(handle.listFiles(path)), path).toMatchObject({ code: 'path-refused' });
    }
    expect(await failureOf(handle.writeFile('.git/config', Buffer.from('x')))).toMatchObject({ code: 'path-refused' });
    expect(readFileSync(join(root, 'secret'), 'utf8')).toBe('secret');
  });

  it('are gone when the workspace is, and a link in its place leads nowhere', async () => {
    const { root, workspace, handle } = await makeWorkspace();
    await handle.listFiles();
    renameSync(workspace, join(root, 'elsewhere'));
    symlinkSync('elsewhere', workspace);
    expect(await failureOf(handle.listFiles())).toMatchObject({ code: 'not-found' });
    expect(await failureOf(handle.readFile('src/a.txt'))).toMatchObject({ code: 'not-found' });
    expect(await failureOf(handle.writeFile('b', Buffer.from('x')))).toMatchObject({ code: 'not-found' });
  });

  it('of a run that has ended are where its outcome says', async () => {
    const root = testDirectory('workspace');
    mkdirSync(join(root, 'commit'));
    const workspace = { path: join(root, 'commit'), kind: 'fresh' as const, changes: [], isPartial: false };
    const handle = await makeRun({ path: join(root, 'gone'), outcome: { ...done(), workspace } });
    expect(await handle.listFiles()).toMatchObject({ workspace: join(root, 'commit'), entries: [] });
  });

  it('of a run without a workspace are none, and may come while it goes on', async () => {
    expect(await failureOf((await makeRun({})).listFiles())).toMatchObject({ code: 'conversation-not-ready' });
    expect(await failureOf((await makeRun({ outcome: done() })).readFile('a'))).toMatchObject({ code: 'not-found' });
    const { engine } = await openEngine();
    expect(await failureOf(engine.files.list('run-nothing'))).toMatchObject({ code: 'not-found' });
  });
});
