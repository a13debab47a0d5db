import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { LineTransport } from '../../src/rpc/lines.ts';
import { collect } from '../support/receiver.ts';

function makeTransport(maxMessageBytes?: number) {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const transport = new LineTransport({ input, output, ...(maxMessageBytes && { maxMessageBytes }) });
  return { input, output, transport };
}

describe('LineTransport', () => {
  it('delivers one message for each line, however the lines are cut into chunks', async () => {
    const { input, transport } = makeTransport();
    const seen = collect(transport);
    for (const chunk of ['{"a":', '1}\n{"b":2}\n', '{"c"', ':3', '}\n']) input.write(chunk);
    input.end();
    await seen.closed;
    expect(seen.messages).toEqual(['{"a":1}', '{"b":2}', '{"c":3}']);
  });

  it('puts a character together that a chunk cuts in two', async () => {
    const { input, transport } = makeTransport();
    const seen = collect(transport);
    const bytes = Buffer.from('"ä€𝄞"\n');
    for (const byte of bytes) input.write(Buffer.from([byte]));
    input.end();
    await seen.closed;
    expect(seen.messages).toEqual(['"ä€𝄞"']);
    expect(seen.sizes).toEqual([bytes.length - 1]);
  });

  it('skips a line beyond the limit, tells its size, and goes on', async () => {
    const { input, transport } = makeTransport(10);
    const seen = collect(transport);
    input.write('x'.repeat(8));
    input.write(`${'x'.repeat(17)}\n"ok"\n${'y'.repeat(11)}\n"too"\n`);
    input.end();
    await seen.closed;
    expect(seen.oversized).toEqual([25, 11]);
    expect(seen.messages).toEqual(['"ok"', '"too"']);
  });

  it('passes over empty lines and an unfinished last one', async () => {
    const { input, transport } = makeTransport();
    const seen = collect(transport);
    input.end('\n\n"a"\n"b');
    await seen.closed;
    expect(seen.messages).toEqual(['"a"']);
  });

  it('tells the end once, with the error of the stream that failed', async () => {
    const { input, transport } = makeTransport();
    const seen = collect(transport);
    input.destroy(new Error('torn'));
    await expect(seen.closed).resolves.toMatchObject({ message: 'torn' });
    transport.close();
    expect(seen.closes).toBe(1);
  });

  it('tells the end to a receiver that comes after it', async () => {
    const { input, transport } = makeTransport();
    input.destroy();
    await expect(collect(transport).closed).resolves.toBeUndefined();
  });

  it('ends when a write fails, and rejects that write', async () => {
    const { output, transport } = makeTransport();
    const seen = collect(transport);
    output.destroy(new Error('broken pipe'));
    await expect(transport.send('{}')).rejects.toThrow();
    await expect(seen.closed).resolves.toMatchObject({ message: 'broken pipe' });
  });

  it('writes messages as lines, in the order of the calls', async () => {
    const { output, transport } = makeTransport();
    collect(transport);
    await Promise.all([transport.send('{"a":1}'), transport.send('{"b":2}')]);
    expect(output.read().toString()).toBe('{"a":1}\n{"b":2}\n');
  });

  it('joins a large line that comes in many pieces in time that grows with its size only', async () => {
    const { input, transport } = makeTransport();
    const seen = collect(transport);
    const piece = Buffer.alloc(64 * 1024, 'x');
    // 64 MiB: joining the pieces again for each chunk would copy some 32 GiB.
    for (let written = 0; written < 1024; written++) {
      if (!input.write(piece)) await new Promise((resolve) => input.once('drain', resolve));
    }
    input.end('\n');
    await seen.closed;
    expect(seen.sizes).toEqual([64 * 1024 * 1024]);
  });

  it('tells an error that came before it was started', async () => {
    const { input, transport } = makeTransport();
    input.destroy(new Error('torn'));
    await new Promise((resolve) => input.once('close', resolve));
    await expect(collect(transport).closed).resolves.toMatchObject({ message: 'torn' });
  });

  it('delivers nothing after its end, not even what is read already', async () => {
    const { input, transport } = makeTransport();
    const messages: string[] = [];
    const closed = new Promise<void>((resolve) => {
      transport.start({
        onMessage(text) {
          messages.push(text);
          transport.close();
        },
        onOversized() {},
        onClose: () => resolve(),
      });
    });
    input.write('1\n2\n3\n');
    await closed;
    expect(messages).toEqual(['1']);
  });

  it('reads on after its end, so that a peer that still talks is not held up', async () => {
    const { input, transport } = makeTransport();
    collect(transport);
    transport.close();
    input.end('x'.repeat(1024 * 1024));
    await new Promise((resolve) => input.once('end', resolve));
    expect(input.readableEnded).toBe(true);
  });

  it('leaves the listeners that others have put on its input', async () => {
    const { input, transport } = makeTransport();
    const chunks: string[] = [];
    input.on('data', (chunk: Buffer) => chunks.push(chunk.toString()));
    collect(transport);
    transport.close();
    input.end('more');
    await new Promise((resolve) => input.once('end', resolve));
    expect(chunks).toEqual(['more']);
  });

  it('takes an input that gives text', async () => {
    const { input, transport } = makeTransport();
    input.setEncoding('utf8');
    const seen = collect(transport);
    input.end('{"a":"ä"}\n');
    await seen.closed;
    expect(seen.messages).toEqual(['{"a":"ä"}']);
    expect(seen.sizes).toEqual([10]);
  });
});
