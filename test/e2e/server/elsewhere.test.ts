import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { connectTo } from '../../../src/client/client.ts';
import { say, shell } from '../../../src/testing/step.ts';
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

it('answers what a run asks also with a token that is not that of its owner', { timeout: 120_000 }, async () => {
  const served = await servePlace([shell('echo made > made.txt'), say('Done.')]);
  const here = await makeCommandPlace();
  const { secret } = await connectTo(served).createToken({ name: 'op', role: 'operator' });
  const env = { OPTIO_CODEX_SERVER: served.url, OPTIO_CODEX_TOKEN: secret };
  const provider = ['--provider', served.model.url, '--model', 'scripted'];
  const argv = ['run', ...provider, '--approve', 'untrusted', '-C', served.workspace, 'Do it'];
  const { code, stdout, stderr } = await runCommand(here, argv, { env });
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toContain('declined, since there is no terminal to ask at');
  expect(existsSync(join(served.workspace, 'made.txt'))).toBe(false);
});
