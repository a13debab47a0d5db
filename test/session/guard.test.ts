import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { FileChange } from '../../src/contract/item.ts';
import type { Request } from '../../src/contract/request.ts';
import { LocalHost } from '../../src/hosts/local.ts';
import { AccessGuard } from '../../src/session/guard.ts';
import { subdirectory, testDirectory } from '../support/directories.ts';
import { COMMAND_REQUEST } from '../support/run-events.ts';

const { sandboxed, ...common } = COMMAND_REQUEST;

/** A guard of a directory that is denied, beside a workspace. */
function makeGuard() {
  const root = testDirectory('guard');
  const [denied, workspace] = [subdirectory(root, 'denied', 'deep'), subdirectory(root, 'workspace')];
  const access = { denied: [join(root, 'denied')], writable: [], readable: [] };
  return { root, denied, workspace, guard: new AccessGuard(new LocalHost(), access) };
}

function change(path: string, more: Partial<FileChange> = {}): Request {
  return { ...common, sandboxed, kind: 'fileChange', changes: [{ path, kind: 'update', diff: '', ...more }] };
}

describe('AccessGuard', () => {
  it('lets a person decide about what lies elsewhere', async () => {
    const { guard, workspace, root } = makeGuard();
    for (const path of [join(workspace, 'a'), join(root, 'denied-2', 'a'), '/etc/hosts']) {
      await expect(guard.refusal(change(path))).resolves.toBeUndefined();
    }
    await expect(guard.refusal(COMMAND_REQUEST)).resolves.toBeUndefined();
  });

  it('refuses a change in what is denied, at any depth, and of what is not there yet', async () => {
    const { guard, root, denied } = makeGuard();
    for (const path of [join(root, 'denied'), join(root, 'denied', 'a'), join(denied, 'a'), join(denied, 'new', 'a')]) {
      await expect(guard.refusal(change(path))).resolves.toContain(path);
    }
  });

  it('refuses a change that gets there by a link, or by ..', async () => {
    const { guard, workspace, denied } = makeGuard();
    symlinkSync(denied, join(workspace, 'link'));
    for (const path of [join(workspace, 'link', 'a'), `${workspace}/../denied/a`]) {
      await expect(guard.refusal(change(path))).resolves.toContain(path);
    }
  });

  it('refuses a move into what is denied, and out of it', async () => {
    const { guard, workspace, denied } = makeGuard();
    const [inside, outside] = [join(denied, 'a'), join(workspace, 'a')];
    await expect(guard.refusal(change(outside, { kind: 'move', movedTo: inside }))).resolves.toContain(inside);
    await expect(guard.refusal(change(inside, { kind: 'move', movedTo: outside }))).resolves.toContain(inside);
  });

  it('refuses when one of several changes is refused', async () => {
    const { guard, workspace, denied } = makeGuard();
    const changes = [join(workspace, 'a'), join(denied, 'a')].map((path) => ({ path, kind: 'add', diff: '' }) as const);
    const request: Request = { ...common, sandboxed, kind: 'fileChange', changes };
    await expect(guard.refusal(request)).resolves.toContain(denied);
  });

  it('refuses more permissions, whatever they are', async () => {
    const { guard } = makeGuard();
    const request: Request = { ...common, sandboxed, kind: 'permissions', permissions: {} };
    await expect(guard.refusal(request)).resolves.toContain('profile');
  });
});
