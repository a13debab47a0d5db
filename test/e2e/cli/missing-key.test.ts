import { expect, it } from 'vitest';
import { say } from '../../../src/testing/step.ts';
import { makeCommandPlace, runCommand } from './command.ts';

it('says why a key of the command is not one of the run, and what it says to do helps', {
  timeout: 180_000,
}, async () => {
  const place = await makeCommandPlace([say('Hello.')]);
  expect(await runCommand(place, ['ps'])).toMatchObject({ code: 0 }); // a server without the key
  const argv = ['run', ...place.provider, '--provider-key', 'MY_KEY', 'Say hello'];
  const env = { MY_KEY: 'sk-a-key-of-the-command' };
  for (const json of [[], ['--json']]) {
    const { code, stderr } = await runCommand(place, [...argv, ...json], { env });
    expect(stderr).toContain('MY_KEY is set here, and the server was started without it: `optio-codex stop`');
    expect(code).toBe(2);
  }
  const without = await runCommand(place, argv);
  expect(without.stderr).toContain('MY_KEY is not set');
  expect(without.stderr).not.toContain('is set here');
  const ofOpenAi = await runCommand(place, ['run', 'Say hello'], { env: { OPENAI_API_KEY: 'sk-a-key' } });
  expect(ofOpenAi.stderr).toContain('OPENAI_API_KEY is set here');
  expect(await runCommand(place, ['stop'])).toMatchObject({ code: 0 });
  const { code, stdout, stderr } = await runCommand(place, argv, { env });
  expect(stdout).toContain('Hello.');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});
