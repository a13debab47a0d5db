import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { CodexConversation } from '../../src/codex/conversation.ts';
import type { CodexConversationOptions } from '../../src/codex/conversation-options.ts';
import { watchEvents } from './events.ts';

/** Starts the fake app-server with these behaviours, attached and not bootstrapped. */
export function startFake(behaviours: readonly string[], options: Partial<CodexConversationOptions> = {}) {
  const file = join(import.meta.dirname, '../fakes/app-server.ts');
  const child = spawn(process.execPath, [file, ...behaviours], { stdio: ['pipe', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const conversation = new CodexConversation({ cwd: '/', ...options });
  const watch = watchEvents(conversation);
  conversation.attach(child);
  const reader = conversation.runReader();
  return { child, conversation, reader, ...watch };
}
