import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { connectTo } from '../../src/client/client.ts';
import type { Answer } from '../../src/contract/request.ts';
import { Optio } from '../../src/optio.ts';
import { beginCommandLine } from '../support/command-line.ts';
import { KEY, sitDown } from '../support/conversation.ts';
import { testDirectory } from '../support/directories.ts';
import { done, taskOf } from '../support/engine.ts';
import { until } from '../support/processes.ts';
import { COMMAND_REQUEST } from '../support/run-events.ts';
import { openServer } from '../support/server.ts';

/** Command lines over a server that lets them in with a token which is not that of its data directory. */
async function serve() {
  const optio = await Optio.open({ dataDir: join(testDirectory('operator'), 'data') });
  onTestFinished(() => optio.close());
  await optio.define(
    taskOf(
      async (context) => {
        const { answer, by } = await context.ask(
          { ...COMMAND_REQUEST, id: 'request-5f0c000000000000' },
          context.signal,
        );
        return done(`${(answer as Extract<Answer, { kind: 'decision' }>).behavior} by ${by}`);
      },
      { id: 'asks', name: 'Asks' },
    ),
  );
  const { url } = await openServer(optio);
  const client = (role: 'viewer' | 'operator' | 'admin') => {
    const connected = connectTo({ url, token: `${role}-token` });
    onTestFinished(() => connected.close());
    return connected;
  };
  const begin = (role: Parameters<typeof client>[0], argv: string[]) => {
    return beginCommandLine(client(role), argv, { input: '' });
  };
  const newest = async () => (await optio.find('@last')).outcome;
  const launch = async () => {
    const handle = await optio.launch('asks');
    await until(async () => (await optio.requests()).length === 1, 'the request');
    return handle;
  };
  return { begin, launch, newest, client, optio };
}

describe('whoever has a token of their own', () => {
  it.each([
    ['operator', ['approve', '@last'], 'allow by operator (command line)'],
    ['admin', ['deny', '@last'], 'deny by admin (command line)'],
  ] as const)('answers by a command, as %s', async (role, argv, text) => {
    const { begin, launch } = await serve();
    const handle = await launch();
    const command = begin(role, [...argv]);
    expect([await command.ended, command.stderr()]).toEqual([0, '']);
    expect(await handle.outcome).toMatchObject({ text });
  });

  it('declines what an unattended run asks', async () => {
    const { begin, newest } = await serve();
    const command = begin('operator', ['launch', 'asks']);
    expect([await command.ended, command.stderr()]).toEqual([0, '']);
    expect(command.stdout()).toContain('declined, since there is no terminal to ask at');
    expect(await newest()).toMatchObject({ text: 'deny by operator (no terminal)' });
  });

  it('allows with --yes', async () => {
    const { launch, begin } = await serve();
    const handle = await launch();
    const command = begin('operator', ['attach', '--yes', handle.id, '--json']);
    expect([await command.ended, command.stderr()]).toEqual([0, '']);
  });

  it('is told at once what the role does not allow, and the run goes on', async () => {
    const { begin, launch, optio } = await serve();
    const handle = await launch();
    for (const more of [[], ['--json']]) {
      const command = begin('viewer', ['attach', '--yes', handle.id, ...more]);
      expect(await command.ended).toBe(1);
      expect(command.stderr()).toContain('needs the role operator');
      expect(command.stdout()).not.toContain('allowed');
    }
    expect(await optio.requests()).toHaveLength(1);
  });

  it('answers in a conversation', async () => {
    const { client, launch } = await serve();
    const handle = await launch();
    const { begin, press, shows } = sitDown({ handle: await client('operator').find(handle.id) });
    begin();
    await shows('[y]es');
    press('y', KEY.enter);
    expect(await handle.outcome).toMatchObject({ text: 'allow by operator (terminal)' });
  });
});
