import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { withSideClient } from '../../../src/codex/side-client.ts';
import { say, shell } from '../../../src/testing/index.ts';
import { BINARIES, type StartedConversation, type StartOptions, startCodex } from '../../support/codex.ts';
import { testDirectory } from '../../support/directories.ts';
import { until } from '../../support/processes.ts';
import { holdsText } from '../../support/search.ts';
import { CANARIES, type HostilePlace, layOut } from './hostile.ts';
import { type AttackName, repositoryAttacks, stolenBy } from './hostile-repository.ts';

type Trust = 'trusted' | 'untrusted';

interface Started extends StartedConversation {
  readonly place: HostilePlace;
}

/** Codex without anything of ours around it, in a hostile repository that has these attacks, not bootstrapped yet. */
async function start(
  trust: Trust,
  attacks: readonly AttackName[],
  options: (place: HostilePlace) => StartOptions,
): Promise<Started> {
  const place = layOut(testDirectory('trusted'), attacks);
  const given = options(place);
  const started = await startCodex({
    ...given,
    over: 'socket',
    conversation: { cwd: place.workspace, sandbox: null },
    config: {
      // The login must not reach the model by AGENTS.md, which is an attack of its own.
      project_doc_max_bytes: 0,
      projects: { [place.workspace]: { trust_level: trust } },
      ...given.config,
    },
  });
  return { ...started, place };
}

/** Lets the model run a command, and gives what it printed. */
async function outputOf(
  command: (place: HostilePlace) => string,
  ...[trust, attacks, options]: Parameters<typeof start>
): Promise<string> {
  const { conversation, model } = await start(trust, attacks, (place) => ({
    ...options(place),
    script: [shell(command(place)), say('done')],
  }));
  await conversation.bootstrap();
  await (await conversation.send('go')).completed;
  return model.requests.at(-1)?.outputs.join() ?? '';
}

const hasStolen = (place: HostilePlace, name: AttackName) =>
  existsSync(stolenBy(place, name)) && readFileSync(stolenBy(place, name), 'utf8').includes(CANARIES.codexLogin);

// What a managed run is spared because its repository is untrusted: without these the attacks would prove nothing.
describe.each(BINARIES)('a hostile repository where codex $version trusts it', (binary) => {
  it('has its server started outside of the sandbox', async () => {
    const { conversation, place } = await start('trusted', ['server'], () => ({ binary }));
    await conversation.bootstrap();
    await until(() => hasStolen(place, 'server'), 'the login that the server takes');
  });

  it.each(['hooks', 'hooks in config.toml'] as const)(
    'has its %s run outside of the sandbox, once the user has trusted those too',
    async (name) => {
      const { conversation, codex, place } = await start('trusted', [name], () => ({ binary }));
      await withSideClient(codex.connect, async (client) => {
        const { data } = await client.call('hooks/list', { cwds: [place.workspace] });
        const hooks = data.flatMap((listed) => listed.hooks);
        expect(hooks.map(({ trustStatus }) => trustStatus)).toEqual(['untrusted', 'untrusted', 'untrusted']);
        const value = Object.fromEntries(hooks.map(({ key, currentHash }) => [key, { trusted_hash: currentHash }]));
        await client.call('config/value/write', { keyPath: 'hooks.state', value, mergeStrategy: 'upsert' });
      });
      await conversation.bootstrap();
      await (await conversation.send('!say hello')).completed;
      expect(hasStolen(place, name)).toBe(true);
    },
  );

  it('may name no program to notify even then', async () => {
    const told = ({ outside }: HostilePlace) => join(outside, 'told');
    const { conversation, events, place } = await start('trusted', ['notify'], (laidOut) => ({
      binary,
      config: { notify: ['touch', told(laidOut)] },
    }));
    await conversation.bootstrap();
    await (await conversation.send('!say hello')).completed;
    await until(() => existsSync(told(place)), 'the notification of the user');
    expect(existsSync(stolenBy(place, 'notify'))).toBe(false);
    expect(JSON.stringify(events)).toMatch(/Ignored unsupported project-local config keys in [^:]*: notify\./);
  });

  it('would get the login by a program to notify, as one of the user’s own configuration shows', async () => {
    const { conversation, place } = await start('untrusted', [], (laidOut) => ({
      binary,
      config: { ...repositoryAttacks(laidOut).notify.config },
    }));
    await conversation.bootstrap();
    await (await conversation.send('!say hello')).completed;
    await until(() => hasStolen(place, 'notify'), 'the login that is taken at the end of a turn');
  });

  it('may lead codex to no other provider even then', async () => {
    const { conversation, events, model } = await start('trusted', ['provider'], () => ({ binary }));
    await conversation.bootstrap();
    const { text } = await (await conversation.send('!say hello')).completed;
    expect([text, model.requests.length]).toEqual(['hello', 1]);
    const ignored = /Ignored unsupported project-local config keys in [^:]*: ([^.]*)\./.exec(
      JSON.stringify(events),
    )?.[1];
    expect(ignored?.split(', ').sort()).toEqual(
      expect.arrayContaining(['chatgpt_base_url', 'model_provider', 'model_providers', 'openai_base_url']),
    );
  });

  it('has its instructions sent, whatever file they are in', async () => {
    const reaches = async (trust: Trust) => {
      const { conversation, model } = await start(trust, ['instructions'], () => ({ binary }));
      await conversation.bootstrap();
      await (await conversation.send('!say hello')).completed;
      return holdsText(JSON.stringify(model.requests[0]?.body), CANARIES.codexLogin);
    };
    expect([await reaches('trusted'), await reaches('untrusted')]).toEqual([true, false]);
  });

  it('has commands run outside of the sandbox by its rules', async () => {
    const touch = (trust: Trust) =>
      outputOf(
        ({ outside }) => `touch '${join(outside, 'made')}'`,
        trust,
        ['rules'],
        () => ({
          binary,
          config: { default_permissions: ':workspace' },
        }),
      );
    expect(await touch('trusted')).toContain('Process exited with code 0');
    expect(await touch('untrusted')).toContain('Read-only file system');
  });

  it('changes the profile of the user', async () => {
    const read = (trust: Trust) =>
      outputOf(
        (place) => `cat '${place.login}'`,
        trust,
        ['profile'],
        ({ home }) => ({
          binary,
          config: {
            default_permissions: 'locked',
            permissions: { locked: { extends: ':workspace', filesystem: { [join(home, '.codex')]: 'deny' } } },
          },
        }),
      );
    expect(await read('trusted')).toContain(CANARIES.codexLogin);
    expect(await read('untrusted')).not.toContain(CANARIES.codexLogin);
  });

  it('changes what commands get of the environment', async () => {
    const env = (trust: Trust) =>
      outputOf(
        () => 'env',
        trust,
        ['environment'],
        () => ({
          binary,
          config: { features: { shell_snapshot: false }, shell_environment_policy: { inherit: 'core' } },
        }),
      );
    expect(await env('trusted')).toContain('OPTIO_CODEX_RUN=');
    expect(await env('untrusted')).toMatch(/^HOME=/m);
    expect(await env('untrusted')).not.toContain('OPTIO_CODEX_RUN=');
  });

  it('chooses full access, and that nobody is asked', async () => {
    const modeOf = async (trust: Trust) => {
      const { codex, place } = await start(trust, ['mode'], () => ({ binary }));
      const { sandbox, approvalPolicy } = await withSideClient(codex.connect, (client) =>
        client.call('thread/start', { cwd: place.workspace }),
      );
      return [sandbox.type, approvalPolicy];
    };
    expect(await modeOf('trusted')).toEqual(['dangerFullAccess', 'never']);
    expect(await modeOf('untrusted')).not.toContain('dangerFullAccess');
  });
});
