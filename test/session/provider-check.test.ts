import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { LocalHost } from '../../src/hosts/local.ts';
import { checkProvider } from '../../src/session/provider-check.ts';
import { freePort } from '../support/ports.ts';

const host = new LocalHost();

async function listen(): Promise<{ port: number; close: () => Promise<void> }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { port, close: () => new Promise((resolve) => server.close(() => resolve())) };
}

describe('checkProvider', () => {
  it.each(['127.0.0.1', 'localhost'])('throws when nothing listens at %s', async (name) => {
    const baseUrl = `http://${name}:${await freePort()}/v1`;
    await expect(checkProvider(host, { baseUrl })).rejects.toMatchObject({
      code: 'provider-unreachable',
      message: expect.stringContaining(baseUrl),
      remedy: expect.any(String),
    });
  });

  it('is content when something listens', async () => {
    const { port, close } = await listen();
    onTestFinished(close);
    await expect(checkProvider(host, { baseUrl: `http://127.0.0.1:${port}/v1` })).resolves.toBeUndefined();
  });

  it('leaves addresses elsewhere to codex', async () => {
    await expect(checkProvider(host, { baseUrl: `http://0.0.0.0:${await freePort()}` })).resolves.toBeUndefined();
    await expect(checkProvider(host, { baseUrl: 'https://api.example.invalid/v1' })).resolves.toBeUndefined();
    await expect(checkProvider(host, undefined)).resolves.toBeUndefined();
  });
});
