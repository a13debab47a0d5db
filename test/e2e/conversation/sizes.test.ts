import { describe, expect, it } from 'vitest';
import { addFile, say, shell } from '../../../src/testing/index.ts';
import { BINARIES, startConversation } from '../../support/codex.ts';
import { notification } from '../../support/events.ts';

const MIB = 1024 * 1024;
const isCommand = ({ item }: { item: { type: string } }) => item.type === 'commandExecution';

describe.each(BINARIES)('sizes with codex $version', (binary) => {
  it('takes a command that puts out 10 MB; codex keeps no more than about 1 MiB of it', async () => {
    const { conversation, event, model } = await startConversation({
      binary,
      script: [shell("head -c 10000000 /dev/zero | tr '\\0' x"), say('done')],
    });
    await expect((await conversation.send('go')).completed).resolves.toMatchObject({ text: 'done' });
    const completed = (await event(notification('item/completed', isCommand))) as {
      params: { item: { aggregatedOutput: string } };
    };
    const { length } = completed.params.item.aggregatedOutput;
    expect(length).toBeGreaterThan(MIB / 16); // 0.142.5 drops some of it when the machine is busy
    expect(length).toBeLessThan(2 * MIB);
    expect(model.requests.at(-1)?.outputs.join().length, 'what the model sees').toBeLessThan(MIB / 16);
  });

  it.each([5, 20])('takes an answer of %i MB, which is one line', async (size) => {
    const text = 'y'.repeat(size * MIB);
    const { conversation } = await startConversation({ binary, script: [say(text, { chunk: 256 * 1024 })] });
    const result = await (await conversation.send('go')).completed;
    expect(result.text).toHaveLength(size * MIB);
  });

  it('takes a patch of 750 KB, which comes several times', async () => {
    const { conversation, event } = await startConversation({
      binary,
      script: [addFile('big.txt', 'line of text\n'.repeat(60_000)), say('done')],
    });
    await expect((await conversation.send('go')).completed).resolves.toMatchObject({ text: 'done' });
    const isChange = ({ item }: { item: { type: string; status: string } }) =>
      item.type === 'fileChange' && item.status === 'completed';
    await event(notification('item/completed', isChange));
  });

  it('rejects a message of 5 MB with the words of codex and a remedy, and takes the next one', async () => {
    const { conversation } = await startConversation({ binary });
    await expect(conversation.send('z'.repeat(5 * MIB))).rejects.toMatchObject({
      code: 'turn-rejected',
      message: expect.stringContaining('maximum length of 1048576'),
      remedy: expect.stringContaining('file'),
    });
    expect(conversation.isPending()).toBe(false);
    await expect((await conversation.send('!say small')).completed).resolves.toMatchObject({ text: 'small' });
  });
});
