import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { lastLines, OutputTail } from '../../src/hosts/tail.ts';

async function tailOf(chunks: Iterable<string | Buffer>): Promise<OutputTail> {
  const stream = new PassThrough();
  const tail = new OutputTail(stream);
  const ended = new Promise((resolve) => stream.once('end', resolve));
  for (const chunk of chunks) stream.write(chunk);
  stream.end();
  await ended;
  return tail;
}

describe('OutputTail', () => {
  it('keeps the last lines', async () => {
    const tail = await tailOf(Array.from({ length: 100 }, (_, number) => `line ${number}\n`));
    expect(tail.lines(3)).toBe('line 97\nline 98\nline 99');
    expect(tail.lines().split('\n')).toHaveLength(20);
  });

  it('is bounded, however long a line is', async () => {
    const tail = await tailOf(Array.from({ length: 100 }, () => 'x'.repeat(10_000)));
    expect(tail.lines()).toHaveLength(64 * 1024);
  });

  it('puts a character together that a chunk cuts in two', async () => {
    const tail = await tailOf([...Buffer.from('ä€𝄞')].map((byte) => Buffer.from([byte])));
    expect(tail.lines()).toBe('ä€𝄞');
  });

  it('leaves colours out', async () => {
    const tail = await tailOf(['\u001b[31mError:\u001b[0m no disk\n']);
    expect(tail.lines()).toBe('Error: no disk');
  });

  it('is empty when nothing was said', async () => {
    expect((await tailOf([])).lines()).toBe('');
  });

  it('survives a stream that fails', async () => {
    const stream = new PassThrough();
    const tail = new OutputTail(stream);
    stream.write('last words');
    await new Promise((resolve) => setImmediate(resolve));
    stream.destroy(new Error('torn'));
    await new Promise((resolve) => stream.once('close', resolve));
    expect(tail.lines()).toBe('last words');
  });
});

describe('lastLines', () => {
  it('does not count empty lines at the end', () => {
    expect(lastLines('a\nb\n\n\n', 1)).toBe('b');
  });

  it('gives everything when there is less', () => {
    expect(lastLines('a\nb', 5)).toBe('a\nb');
  });
});
