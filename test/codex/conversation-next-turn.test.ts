import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anything, notifications, requests } from '../support/hostile.ts';
import { startMemoryCodex } from '../support/memory-codex.ts';

describe('a conversation that was told anything', () => {
  it('takes the next message, and its turn ends', async () => {
    const messages = fc.array(fc.oneof(notifications, requests, anything), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(messages, async (told) => {
        const { codex, conversation } = await startMemoryCodex({ conversation: { permissionGate: true } });
        conversation.onPermissionRequest(() => ({ behavior: 'deny' }));
        for (const message of told) await codex.say(message);
        // What was told may have begun a turn, which is to end before ours begins.
        if (conversation.currentTurnId !== null) await codex.end(conversation.currentTurnId);
        expect(conversation.currentTurnId).toBeNull();
        const ours = 'a turn that nobody has told of';
        codex.answers = { 'turn/start': () => ({ result: { turn: { id: ours } } }) };
        const turn = await conversation.send('go');
        await codex.begin(ours);
        await codex.end(ours);
        await expect(turn.completed).resolves.toMatchObject({ id: ours, status: 'completed' });
        expect(conversation.isPending()).toBe(false);
      }),
      { numRuns: 100 },
    );
  });
});
