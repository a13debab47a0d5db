import { expect, it } from 'vitest';
import { endTurn, escalate, say } from '../../../src/testing/step.ts';
import { until } from '../../support/processes.ts';
import { makeCommandPlace, startCommand } from './command.ts';

const LONG = { timeout: 120_000 };

it('says that a message waits for a turn which asks something, until that is answered', LONG, async () => {
  const place = await makeCommandPlace([escalate('touch made'), say('Made.'), endTurn(), say('The docs, too.')]);
  const tell = async (...argv: string[]) => {
    const { code, stdout, stderr } = await startCommand(place, argv).ended;
    expect({ argv, code, stderr }).toEqual({ argv, code: 0, stderr: '' });
    return stdout;
  };
  const id = (await tell('run', '-d', '--stay', ...place.provider, 'Make it')).trim();
  await until(async () => (await tell('requests', '--json')).includes(id), 'the request');
  const sending = startCommand(place, ['send', id, '--wait', 'Also the docs']);
  await until(() => sending.stderr().includes('approve'), 'what it waits for');
  const told =
    /^The message waits for the turn under way\.\nThat turn waits for an answer to \S+: optio-codex approve (\S+) /;
  const [, request = ''] = told.exec(sending.stderr()) ?? [];
  expect(sending.stdout()).toBe('');
  await tell('approve', request);
  expect(await sending.ended).toMatchObject({ code: 0, stdout: 'The docs, too.\n' });
  await tell('finish', id);
});
