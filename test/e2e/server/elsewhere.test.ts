import { expect, it } from 'vitest';
import { say } from '../../../src/testing/step.ts';
import { skipFor } from '../../support/privileges.ts';
import { makeCommandPlace, runCommand } from '../cli/command.ts';
import { servePlace, whyNoOtherMachine } from './served.ts';

it('works in a directory of the machine of its server, which one has to name', { timeout: 120_000 }, async ({
  skip,
}) => {
  skipFor(whyNoOtherMachine(), skip);
  const served = await servePlace([say('Hello.')], [], 'build7');
  const here = await makeCommandPlace();
  const options = { env: { OPTIO_CODEX_SERVER: served.url, OPTIO_CODEX_TOKEN: served.token } };
  const run = (...more: string[]) => {
    return runCommand(
      here,
      ['run', '--provider', served.model.url, '--model', 'scripted', ...more, 'Say hello'],
      options,
    );
  };
  const refused = await run();
  expect(refused.stderr).toContain('works on another machine, build7');
  expect(refused.code).toBe(2);
  const { code, stdout } = await run('-C', served.workspace);
  expect(stdout).toContain('Hello.');
  expect(code).toBe(0);
});

it('tells that a token is wrong, and where to put the right one', { timeout: 120_000 }, async () => {
  const served = await servePlace([]);
  const here = await makeCommandPlace();
  for (const argv of [['ps'], ['stop'], ['run', '--fresh', 'Do it']]) {
    const env = { OPTIO_CODEX_SERVER: served.url, OPTIO_CODEX_TOKEN: 'oc_not-a-token-of-anybody' };
    const { code, stderr } = await runCommand(here, argv, { env });
    expect(stderr).toMatch(
      /does not let us in: this token is not known.*\n {2}Give a token .* in OPTIO_CODEX_TOKEN, or/,
    );
    expect(code).toBe(1);
  }
});
