import { expect, it } from 'vitest';
import { connect } from '../../../src/compose/connect.ts';
import { answerIn } from '../../../src/contract/so-far.ts';
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

it('leaves a message with a run that is paused, and says so, when nobody waits for it any more', LONG, async () => {
  const place = await makeCommandPlace([say('Made.'), endTurn(), say('The docs, too.')]);
  const { stdout: id } = await startCommand(place, ['run', '-d', '--stay', ...place.provider, 'Make it']).ended;
  await using api = await connect({ env: place.env });
  const run = await api.find(id.trim());
  const said = async () => Object.values((await run.view()).turns).map((turn) => answerIn(turn));
  await until(async () => (await said()).includes('Made.'), 'the first turn');
  await run.pause();
  const sending = startCommand(place, ['send', run.id, 'Also the docs']);
  await until(() => sending.stderr().includes('The message waits, as the run is paused'), 'what it waits for');
  const sent = async () => Object.values((await run.view()).messages).map(({ text }) => text);
  await until(async () => (await sent()).includes('Also the docs'), 'the message');
  sending.child.kill('SIGINT');
  const { code, stderr } = await sending.ended;
  expect({ code, last: stderr.trim().split('\n').at(-1) }).toEqual({
    code: 130,
    last: 'Left. The message stays with the run: Codex gets it when its turn has come.',
  });
  await run.resume();
  await until(async () => (await said()).includes('The docs, too.'), 'the second turn');
  await run.finish();
});
