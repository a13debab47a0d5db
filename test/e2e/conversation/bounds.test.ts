import { describe, expect, it } from 'vitest';
import { failureOf } from '../../support/failure.ts';
import { attachMemoryCodex, startMemoryCodex } from '../../support/memory-codex.ts';

const MIB = 1024 * 1024;
const COMMAND = 'item/commandExecution/requestApproval';

describe('what a conversation keeps', () => {
  it('of what Codex tells before the thread is open are 64 MiB; more ends it', async () => {
    const { codex, conversation, reader } = attachMemoryCodex({ answers: { 'thread/start': () => undefined } });
    const opened = failureOf(conversation.bootstrap());
    const message = 'x'.repeat(MIB);
    for (let count = 0; count < 63; count++) await codex.tell('warning', { message });
    expect(conversation.closed).toBe(false);
    await codex.tell('warning', { message });
    expect(await opened).toMatchObject({ code: 'overloaded', message: expect.stringContaining('before its thread') });
    await reader;
    expect(conversation.endReason).toMatchObject({ code: 'overloaded' });
  });

  it('of open requests are 64 MiB; what comes then is declined, and told', async () => {
    const { codex, conversation, events } = await startMemoryCodex({ conversation: { permissionGate: true } });
    conversation.onPermissionRequest(() => new Promise(() => {}));
    const command = 'x'.repeat(MIB);
    for (let id = 0; id < 64; id++) await codex.ask(id, COMMAND, { command });
    expect(codex.replies(62)).toEqual([]);
    expect(codex.replies(63)).toEqual([{ decision: 'decline' }]);
    expect(events).toContainEqual({ type: 'x-optio-unanswered', method: COMMAND, id: 63 });
  });

  it('of messages that Codex has not accepted are 64 MiB; the next one is rejected until there is room', async () => {
    const { codex, conversation } = await startMemoryCodex();
    const running = await conversation.send('go');
    await codex.begin(running.id);
    const half = 'x'.repeat(33 * MIB);
    const waiting = conversation.send(half);
    const refusal = { code: 'overloaded', remedy: expect.stringContaining('Send it again') };
    expect(await failureOf(conversation.send(half))).toMatchObject(refusal);
    expect(await failureOf(conversation.send(half, { steer: true }))).toMatchObject(refusal);
    await codex.end(running.id);
    await codex.end((await waiting).id);
    await expect(conversation.send(half)).resolves.toMatchObject({ id: 'turn-3' });
  });

  it('of one message are 64 MiB as well, and there is no use in sending it again', async () => {
    const { conversation } = await startMemoryCodex();
    const refusal = { code: 'message-too-large', remedy: expect.stringContaining('file') };
    expect(await failureOf(conversation.send('x'.repeat(65 * MIB)))).toMatchObject(refusal);
    expect(conversation.isPending()).toBe(false);
  });

  it('of a message that is no JSON is nothing: it is rejected before it waits for its turn', async () => {
    const { codex, conversation } = await startMemoryCodex();
    await codex.begin('foreign');
    const outputSchema: Record<string, unknown> = {};
    outputSchema.self = outputSchema;
    expect(await failureOf(conversation.send('go', { outputSchema }))).toMatchObject({ code: 'invalid-input' });
  });
});
