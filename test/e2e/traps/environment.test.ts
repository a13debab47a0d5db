import { copyFileSync, existsSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { say, shell } from '../../../src/testing/index.ts';
import { BINARIES, NEWEST, OLDEST, startCodex, startConversation, type TestedBinary } from '../../support/codex.ts';
import { testDirectory } from '../../support/directories.ts';
import { makeToken, REFRESH_TOKEN, writeLogin } from '../../support/logins.ts';
import { until } from '../../support/processes.ts';
import { readCodexConfig } from '../../support/read-codex-config.ts';
import { outputsOf, withProfile } from './locked.ts';

describe.each(BINARIES)('the environment of commands with codex $version', (binary) => {
  it('has whatever codex has in its own, the key of the provider included, unless that is filtered', async () => {
    const options = { binary, env: { KEY: 'sk-canary', OTHER: 'mine' }, provider: { env_key: 'KEY' } };
    const [output] = await outputsOf([shell('env')], options);
    expect(output).toMatch(/^KEY=sk-canary$/m);
    const { shell_environment_policy, features } = readCodexConfig();
    const [filtered] = await outputsOf([shell('env')], { ...options, config: { shell_environment_policy, features } });
    expect(filtered).toMatch(/^PATH=/m);
    expect(filtered).not.toMatch(/sk-canary|mine/);
  });

  it('is made by ~/.bashrc too without a network, since bash then takes its input for a socket, login shell or not', async () => {
    const hasRun = async (enabled: boolean) => {
      const profile = { extends: ':workspace', filesystem: { '/nowhere': 'deny' }, network: { enabled } };
      const home = testDirectory('home');
      writeFileSync(join(home, '.bashrc'), 'echo FROM-BASHRC\n');
      const { allow_login_shell, features } = readCodexConfig();
      const config = { ...withProfile(profile), allow_login_shell, features };
      const [output] = await outputsOf([shell('echo ran')], { binary, config, env: { HOME: home } });
      expect(output).toContain('ran\n');
      return output?.includes('FROM-BASHRC');
    };
    expect(await hasRun(false)).toBe(true);
    expect(await hasRun(true)).toBe(false);
  });
});

describe.each(BINARIES)('the environment of codex $version', (binary) => {
  it('redirects where a login is renewed, to whom the refresh token then goes', async () => {
    const told = Promise.withResolvers<string>();
    const server = createServer(async (request, response) => {
      told.resolve(await text(request));
      response.writeHead(400).end('{"error":"invalid_grant"}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const { conversation, home } = await startCodex({
      binary,
      env: { CODEX_REFRESH_TOKEN_URL_OVERRIDE: url },
      provider: { requires_openai_auth: true },
    });
    copyFileSync(writeLogin(testDirectory('login'), makeToken(-60)), join(home, 'auth.json'));
    await conversation.bootstrap();
    expect(await told.promise).toContain(`"refresh_token":"${REFRESH_TOKEN}"`);
  });
});

describe('what only one of the two versions does', () => {
  it('carries variables past the filter in a snapshot of the shell, unless that is switched off (0.142)', async () => {
    const outputWith = async (binary: TestedBinary, features: { shell_snapshot?: boolean }) => {
      const { conversation, home, model } = await startConversation({
        binary,
        config: { shell_environment_policy: { inherit: 'core', include_only: ['PATH', 'HOME'] }, features },
        env: { OTHER: 'mine' },
        script: [shell('echo "[$OTHER]"'), say('done')],
      });
      const snapshots = join(home, 'shell_snapshots');
      const isTaken = () => existsSync(snapshots) && readdirSync(snapshots).some((name) => name.endsWith('.sh'));
      if (features.shell_snapshot !== false) await until(isTaken, 'the snapshot');
      await (await conversation.send('go')).completed;
      return model.requests.at(-1)?.outputs.join();
    };
    const { features } = readCodexConfig() as { features: { shell_snapshot: boolean } };
    expect(await outputWith(OLDEST, {})).toContain('[mine]');
    expect(await outputWith(OLDEST, features)).toContain('[]');
    expect(await outputWith(NEWEST, {})).toContain('[]');
  });
});
