import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { toLink } from '../../src/codex/attachment.ts';
import { createTransportPair } from '../../src/rpc/memory.ts';
import { collect } from '../support/receiver.ts';

const streams = () => ({ stdin: new PassThrough(), stdout: new PassThrough() });

/** What `toLink` looks at of a `ChildProcess`. */
class Child extends EventEmitter {
  readonly stdin = new PassThrough();
  readonly stdout = new PassThrough();
  exitCode: number | null = null;
  signalCode: string | null = null;

  end(exitCode: number | null, signal: string | null): void {
    [this.exitCode, this.signalCode] = [exitCode, signal];
    this.emit('exit', exitCode, signal);
  }
}

describe('toLink', () => {
  it('takes a link and a transport as they are', () => {
    const [transport] = createTransportPair();
    const link = { transport };
    expect(toLink(link)).toBe(link);
    expect(toLink(transport)).toEqual({ transport });
  });

  it('speaks over the standard streams, a message a line', async () => {
    const { stdin, stdout } = streams();
    const { transport } = toLink({ stdin, stdout });
    const seen = collect(transport);
    await transport.send('{"id":1}');
    expect(String(stdin.read())).toBe('{"id":1}\n');
    stdout.end('{"id":2}\n');
    await seen.closed;
    expect(seen.messages).toEqual(['{"id":2}']);
  });

  it.each([
    ['stdin', { stdout: new PassThrough() }],
    ['stdin', { stdin: null, stdout: null }],
    ['stdout', { stdin: new PassThrough(), stdout: null }],
  ])('refuses a process without %s, and says how to start one', (missing, handle) => {
    expect(() => toLink(handle)).toThrow(
      expect.objectContaining({
        code: 'invalid-input',
        message: `codex was started without ${missing}`,
        remedy: expect.stringContaining('stdio'),
      }),
    );
  });

  it('keeps the last of stderr, and has none without one', async () => {
    const stderr = new PassThrough();
    const link = toLink({ ...streams(), stderr });
    const ended = new Promise((resolve) => stderr.once('end', resolve));
    stderr.end(`${'x'.repeat(1_000_000)}\nlast words\n`);
    await ended;
    expect(link.stderr?.()).toMatch(/^x{1,65536}\nlast words$/);
    expect(toLink(streams()).stderr).toBeUndefined();
  });
});

describe('how a process ended', () => {
  it('is told by the handle', () => {
    const exited = Promise.resolve({ exitCode: 3, signal: null });
    expect(toLink({ ...streams(), exited }).exited).toBe(exited);
  });

  it('is read from a `ChildProcess`', async () => {
    const child = new Child();
    const { exited } = toLink(child);
    child.end(null, 'SIGKILL');
    await expect(exited).resolves.toEqual({ exitCode: null, signal: 'SIGKILL' });
  });

  it('is known of a `ChildProcess` that had ended before', async () => {
    const child = new Child();
    child.end(7, null);
    await expect(toLink(child).exited).resolves.toEqual({ exitCode: 7, signal: null });
  });

  it('is not known of streams alone', () => {
    expect(toLink(streams()).exited).toBeUndefined();
  });
});
