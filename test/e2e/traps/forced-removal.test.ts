import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Sandboxed } from '../../../src/contract/request.ts';
import { say, shell } from '../../../src/testing/index.ts';
import { BINARIES, NEWEST, OLDEST, type StartOptions, startConversation } from '../../support/codex.ts';
import { layOutLocked } from './locked.ts';

/** Lets the model remove a file of the workspace, accepts what is asked, and tells what came of it. */
async function remove({ command = 'rm -f canary', ...options }: StartOptions & { readonly command?: string }) {
  const script = [shell(command), say('done')];
  const { conversation, model, workspace } = await startConversation({ ...options, script });
  writeFileSync(join(workspace, 'canary'), 'alive');
  const asked: Sandboxed[] = [];
  conversation.onPermissionRequest(({ sandboxed }) => {
    asked.push(sandboxed);
    return { behavior: 'allow' };
  });
  await (await conversation.send('go')).completed;
  return { asked, isGone: !existsSync(join(workspace, 'canary')), output: model.requests.at(-1)?.outputs.join() };
}

describe.each(BINARIES)('`rm -f` with codex $version', (binary) => {
  it('is asked about under "on-request" although it is no escalation, and stays in the sandbox when it is allowed', async () => {
    const { outside, config } = layOutLocked();
    const beside = join(outside, 'beside');
    writeFileSync(beside, 'alive');
    const options = { binary, config, conversation: { sandbox: null, permissionGate: true } };
    const removed = await remove({ ...options, command: `rm -f canary; rm -f '${beside}'` });
    expect(removed).toMatchObject({ asked: ['no'], isGone: true });
    expect(removed.output).toContain('Read-only file system');
    expect(existsSync(beside)).toBe(true);
  });
});

describe('`rm -f` with nobody to ask', () => {
  it('is refused in the sandbox, and with full access too (0.169), where 0.142 runs it', async () => {
    const full = { sandbox: 'danger-full-access' } as const;
    const refused = { asked: [], isGone: false, output: expect.stringMatching(/Rejected\(.*rm -f canary.*rejected/) };
    const ran = { asked: [], isGone: true, output: expect.stringContaining('exited with code 0') };
    for (const binary of BINARIES) expect(await remove({ binary })).toEqual(refused);
    expect(await remove({ binary: NEWEST, conversation: full })).toEqual(refused);
    expect(await remove({ binary: OLDEST, conversation: full })).toEqual(ran);
  });
});
