import { readFileSync } from 'node:fs';
import { expect, it, onTestFinished } from 'vitest';
import { startRefresher } from '../../src/seeds/refresh-process.ts';

/** What leads to the provider, and where Node keeps what it compiles. */
const WAY = {
  CODEX_CA_CERTIFICATE: '/etc/ca.pem',
  SSL_CERT_FILE: '/etc/certificates.pem',
  http_proxy: 'http://127.0.0.1:1',
  HTTP_PROXY: 'http://127.0.0.1:2',
  https_proxy: 'http://127.0.0.1:3',
  HTTPS_PROXY: 'http://127.0.0.1:4',
  no_proxy: 'a.example',
  NO_PROXY: 'b.example',
  NODE_COMPILE_CACHE: '/var/empty/compiled',
};

it('has of our environment what leads to the provider, and where Node keeps what it compiles, and nothing else', async () => {
  const ours = {
    OPTIO_CODEX_SEED_KEY: 'of-ours',
    OPENAI_API_KEY: 'sk-ours',
    HOME: '/root',
    NODE_OPTIONS: '--no-warnings',
  };
  const { identity } = await startRefresher({ ...process.env, ...ours, ...WAY });
  const pid = identity?.pid as number;
  onTestFinished(() => void process.kill(pid, 'SIGKILL'));
  const variables = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').filter(Boolean);
  expect(variables.sort()).toEqual(
    Object.entries(WAY)
      .map((pair) => pair.join('='))
      .sort(),
  );
});
