import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CodexConversationOptions } from '../../../src/codex/conversation-options.ts';
import { say, shell } from '../../../src/testing/index.ts';
import { NEWEST, type StartedConversation, startCodex, startConversation } from '../../support/codex.ts';
import { testDirectory } from '../../support/directories.ts';
import { failureOf } from '../../support/failure.ts';

const LOCKED = { expectProfile: 'locked', sandbox: null, experimentalApi: true } as const;

/** A thread with one turn in it, by default under the profile `locked`, which denies a file; its codex has ended. */
async function leaveThread(
  conversation: Partial<CodexConversationOptions> = LOCKED,
): Promise<StartedConversation & { resumeThreadId: string }> {
  const directory = testDirectory('denied');
  const secret = join(directory, 'secret');
  writeFileSync(secret, 'CANARY-of-the-thread');
  const config = {
    default_permissions: conversation.expectProfile,
    permissions: { locked: { extends: ':workspace', filesystem: { [directory]: 'deny' } } },
  };
  const script = ({ outputs, userText }: { outputs: readonly string[]; userText: string }) =>
    userText === 'read it' && outputs.length === 0 ? [shell(`cat ${secret}`)] : [say(`answer to ${userText}`)];
  const first = await startConversation({ binary: NEWEST, config, script, conversation });
  await (await first.conversation.send('remember me')).completed;
  await first.codex.stop();
  await first.reader;
  return { ...first, resumeThreadId: first.conversation.threadId ?? '' };
}

/** Changes the config.toml of a home that codex is not running in. */
function editConfig({ home }: StartedConversation, change: (text: string) => string): void {
  const file = join(home, 'config.toml');
  const before = readFileSync(file, 'utf8');
  const after = change(before);
  expect(after, 'something was changed').not.toBe(before);
  writeFileSync(file, after);
}

describe('a thread that is resumed under a permission profile', () => {
  it('names it when it resumes, has its history, and is confined by it', async () => {
    const first = await leaveThread();
    const conversation = { ...LOCKED, resumeThreadId: first.resumeThreadId };
    const again = await startConversation({ binary: NEWEST, from: first, conversation });
    expect(again.conversation.threadId).toBe(first.resumeThreadId);
    await expect((await again.conversation.send('read it')).completed).resolves.toMatchObject({ status: 'completed' });
    const input = JSON.stringify(again.model.requests.at(-1)?.body.input);
    expect(input).toContain('answer to remember me');
    expect(again.model.requests.at(-1)?.outputs.join()).toMatch(/denied|not permitted|No such file/i);
    expect(input).not.toContain('CANARY');
  });

  it('is confined by it although it was open before', async () => {
    const first = await leaveThread({ expectProfile: ':workspace', sandbox: null, experimentalApi: true });
    const conversation = { ...LOCKED, resumeThreadId: first.resumeThreadId };
    const again = await startConversation({ binary: NEWEST, from: first, conversation });
    await (await again.conversation.send('read it')).completed;
    expect(JSON.stringify(again.model.requests.at(-1)?.body.input)).not.toContain('CANARY');
  });

  it('is not resumed at all when the profile is not there any more', async () => {
    const first = await leaveThread();
    editConfig(first, (text) => text.replaceAll('locked', 'open'));
    const asked = first.model.requests.length;
    const conversation = { ...LOCKED, resumeThreadId: first.resumeThreadId };
    const again = await startCodex({ binary: NEWEST, from: first, conversation });
    const failure = await failureOf(again.conversation.bootstrap());
    expect(failure).toMatchObject({ code: 'call-failed', message: expect.stringContaining('locked') });
    await again.reader;
    expect(again.conversation.closed).toBe(true);
    await expect(again.conversation.send('read it')).rejects.toMatchObject({ code: 'conversation-closed' });
    expect(again.model.requests).toHaveLength(asked);
  });
});
