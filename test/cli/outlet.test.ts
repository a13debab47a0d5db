import { describe, expect, it } from 'vitest';
import { watchOutlet } from '../support/outlet.ts';

describe('Outlet', () => {
  it('has room again once what was written is read', async () => {
    const { outlet, read } = watchOutlet({ isSlow: true });
    await outlet.ready();
    outlet.write('x'.repeat(5000));
    let isReady = false;
    const ready = outlet.ready().then(() => {
      isReady = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(isReady).toBe(false);
    read();
    await ready;
  });

  it('makes nobody wait for a reader that has gone, and writes nothing more', async () => {
    const { outlet, stream, leave } = watchOutlet({ isSlow: true });
    outlet.write('x'.repeat(5000));
    const ready = outlet.ready();
    leave();
    await ready;
    expect(outlet.closed.reason).toMatchObject({ message: 'write EPIPE' });
    expect(() => outlet.write('more')).not.toThrow();
    await outlet.ready();
    expect(stream.listenerCount('error')).toBe(1);
  });
});
