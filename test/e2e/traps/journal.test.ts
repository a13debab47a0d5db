import { describe, expect, it } from 'vitest';
import { addFile, cut, escalate, hang, httpError, say, shell } from '../../../src/testing/index.ts';
import { begunMessage } from '../../support/begun-message.ts';
import { BINARIES, NEWEST, type StartOptions, startCodex } from '../../support/codex.ts';
import { notification } from '../../support/events.ts';
import { journalOf } from './journal-of.ts';
import { layOutLocked } from './locked.ts';

/** A conversation as a managed run has it, and what its journal would hold. */
async function startTold(options: StartOptions) {
  const started = await startCodex({
    ...options,
    conversation: { experimentalApi: true, rawEvents: true, ...options.conversation },
  });
  const journal = journalOf(started.conversation);
  await started.conversation.bootstrap();
  return { ...started, ...journal, raw: started.events };
}

describe.each(BINARIES)('the journal of what codex $version tells by halves, twice or not at all', (binary) => {
  it('takes back a message that a retry begins anew, and tells the failures that pass as such', async () => {
    const { conversation, of, raw } = await startTold({
      binary,
      script: [...begunMessage('half of', 'msg_1'), cut(), ...begunMessage('half of', 'msg_2'), cut(), say('whole')],
      provider: { stream_max_retries: 3 },
    });
    await expect((await conversation.send('go')).completed).resolves.toMatchObject({
      status: 'completed',
      text: 'whole',
      messages: ['whole'],
    });
    expect(raw.some(notification('error', ({ willRetry }: { willRetry: boolean }) => willRetry))).toBe(true);
    const dropped = of('item.dropped');
    expect(dropped).toHaveLength(2);
    expect(dropped.every(({ reason }) => reason === 'retry')).toBe(true);
    expect(of('turn.retrying').length).toBeGreaterThanOrEqual(2);
    expect(of('turn.ended')).toMatchObject([{ status: 'completed' }]);
    const messages = of('item.completed').flatMap(({ item }) => (item.kind === 'agentMessage' ? [item.text] : []));
    expect(messages).toEqual(['whole']);
  });

  it('tells a failure that is final once, although codex tells it twice', async () => {
    const { conversation, of, raw } = await startTold({
      binary,
      script: () => [httpError(400, { error: { message: 'no such thing' } })],
    });
    await (await conversation.send('go')).completed;
    expect(raw.some(notification('error', ({ willRetry }: { willRetry: boolean }) => !willRetry))).toBe(true);
    expect(of('turn.retrying')).toEqual([]);
    expect(of('turn.ended')).toMatchObject([{ status: 'failed', error: expect.stringContaining('no such thing') }]);
  });

  it('tells a diff when it is news, although codex repeats the whole of it', async () => {
    const { conversation, of, raw } = await startTold({
      binary,
      script: [addFile('a.txt', 'one'), addFile('b.txt', 'two'), say('done')],
    });
    await (await conversation.send('go')).completed;
    const diffs = of('diff.updated').map(({ diff }) => diff);
    expect(diffs.length).toBeGreaterThanOrEqual(2);
    expect(diffs.every((diff, index) => diff !== diffs[index - 1])).toBe(true);
    expect(raw.filter(notification('turn/diff/updated')).length).toBeGreaterThan(diffs.length);
  });

  it('ends an item that an interrupted turn leaves open: a patch whose request was cancelled', async () => {
    const { conversation, of } = await startTold({
      binary,
      script: [addFile('a.txt', 'one'), say('never said')],
      conversation: { permissionGate: true, approvalPolicy: 'untrusted' },
    });
    conversation.onPermissionRequest(() => ({ behavior: 'deny', interrupt: true }));
    await expect((await conversation.send('go')).completed).resolves.toMatchObject({ status: 'interrupted' });
    const opened = of('item.started').flatMap(({ item }) => (item.kind === 'fileChange' ? [item.id] : []));
    expect(opened).toHaveLength(1);
    const ended = [...of('item.completed').map(({ item }) => item.id), ...of('item.dropped').map((e) => e.itemId)];
    expect(ended).toEqual(expect.arrayContaining(opened));
  });

  it('calls it no warning that a model is not one of OpenAI’s, and keeps to itself what is no news to anybody', async () => {
    const { conversation, of, raw } = await startTold({ binary });
    for (const text of ['!say hello', '!say again']) await (await conversation.send(text)).completed;
    expect(of('notice')).toContainEqual(
      expect.objectContaining({ level: 'info', message: expect.stringContaining('Model metadata for') }),
    );
    expect(of('notice').filter(({ level }) => level !== 'info')).toEqual([]);
    expect(raw.some(notification('thread/status/changed'))).toBe(true);
    expect(raw.filter(notification('account/rateLimits/updated'))).toHaveLength(2);
    expect(of('codex.notification').map(({ method }) => method)).toEqual(['account/rateLimits/updated']);
  });
});

describe('what only the newest codex does', () => {
  it('has every command once, also a failed one of which codex tells no item since its output looks like a denial (0.169)', async () => {
    // Of how many codex tells nothing depends on how busy the machine is: of all, or of none.
    const denied = Array.from({ length: 6 }, (_, index) => `touch /usr/denied-${index}`);
    const { conversation, of } = await startTold({
      binary: NEWEST,
      script: [...denied.map((command) => shell(command)), shell('false'), shell('echo fine'), say('done')],
    });
    await (await conversation.send('go')).completed;
    const commands = of('item.completed').flatMap(({ item }) => (item.kind === 'command' ? [item] : []));
    expect(commands).toMatchObject([
      ...denied.map((command) => ({
        command,
        status: 'failed',
        exitCode: 1,
        output: expect.stringContaining('denied'),
      })),
      { command: 'false', status: 'failed', exitCode: 1 },
      { command: 'echo fine', status: 'completed', exitCode: 0, output: 'fine\n' },
    ]);
  });

  it('ends every command that somebody was asked about, also a failed one of which codex tells the start only (0.169)', async () => {
    // As above: of all that fail so at once, or of none.
    const denied = Array.from({ length: 6 }, (_, index) => `echo Permission denied ${index}; false`);
    const slow = 'sleep 0.5; echo Permission denied; false';
    const { conversation, of } = await startTold({
      binary: NEWEST,
      config: layOutLocked().config,
      script: [...[...denied, slow].map((command) => escalate(command, 'I need it')), say('done')],
      conversation: { sandbox: null, permissionGate: true },
    });
    conversation.onPermissionRequest(() => ({ behavior: 'allow' }));
    await (await conversation.send('go')).completed;
    const ofCommands = (type: 'item.started' | 'item.completed') =>
      of(type).flatMap(({ item }) => (item.kind === 'command' ? [item] : []));
    expect(ofCommands('item.started').map(({ command }) => command)).toEqual([...denied, slow]);
    expect(ofCommands('item.completed')).toMatchObject(
      [...denied, slow].map((command) => ({
        command,
        status: 'failed',
        exitCode: 1,
        output: expect.stringMatching(/^Permission denied/),
      })),
    );
  });

  it('takes back the message that a steered one cuts (0.169)', async () => {
    let asked = 0;
    const { conversation, of, event } = await startTold({
      binary: NEWEST,
      script: () => (asked++ === 0 ? [...begunMessage(), hang()] : [say('answer to both')]),
    });
    const turn = await conversation.send('begin');
    await event(notification('item/agentMessage/delta'));
    await conversation.send('stop', { steer: true });
    await expect(turn.completed).resolves.toMatchObject({ text: 'answer to both' });
    expect(of('item.dropped')).toMatchObject([{ reason: 'steered' }]);
  });
});
