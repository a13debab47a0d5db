import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { SESSION_MARK } from '../../../src/codex/launch.ts';
import { modelInfoSchema } from '../../../src/contract/model-info.ts';
import { LocalHost } from '../../../src/hosts/local.ts';
import { Optio } from '../../../src/optio.ts';
import { OfferedModels } from '../../../src/session/offered-models.ts';
import { subdirectory, testDirectory } from '../../support/directories.ts';
import { failureOf } from '../../support/failure.ts';
import { countMarked, until } from '../../support/processes.ts';

const HOUR_MS = 3_600_000;

/** A machine that tells what is started on it. */
class CountingHost extends LocalHost {
  readonly sessions: string[] = [];

  override start(spec: Parameters<LocalHost['start']>[0]) {
    this.sessions.push(spec.mark?.value ?? '');
    return super.start(spec);
  }

  /** The processes that are left of those. */
  count(): number {
    return this.sessions.reduce((sum, value) => sum + countMarked({ name: SESSION_MARK, value }), 0);
  }
}

function makeModels() {
  const root = testDirectory('models');
  const host = new CountingHost({ home: subdirectory(root, 'home') });
  const runs = join(root, 'data', 'runs');
  const clock = { at: 0 };
  const models = new OfferedModels({ host, runs, env: { PATH: process.env.PATH }, elapsed: () => clock.at });
  return { models, host, clock, left: () => (existsSync(runs) ? readdirSync(runs) : []) };
}

it('the models that codex offers are told without a login, and nothing is left of the question', async () => {
  const { models, host, left } = makeModels();
  const offered = await models.list();
  expect(offered.map((model) => modelInfoSchema.parse(model))).toEqual(offered);
  expect(offered.filter(({ isDefault }) => isDefault)).toMatchObject([
    {
      id: expect.stringMatching(/^gpt-/),
      name: expect.stringMatching(/^GPT-/),
      description: expect.stringMatching(/./),
    },
  ]);
  for (const { efforts, defaultEffort } of offered) expect(efforts).toContain(defaultEffort);
  expect(left()).toEqual([]);
  expect(host.count()).toBe(0);
});

it('the models are asked for once in an hour, by all who want to know', async () => {
  const { models, host, clock } = makeModels();
  const [one, two] = await Promise.all([models.list(), models.list()]);
  expect(one).toEqual(two);
  one.pop(); // what somebody does with his answer is his own matter
  clock.at = HOUR_MS - 1;
  expect(await models.list()).toEqual(two);
  expect(host.sessions).toHaveLength(1);
  clock.at = HOUR_MS;
  expect(await models.list()).toEqual(two);
  expect(host.sessions).toHaveLength(2);
});

it('the models are asked for again after a failure, of which nothing is left', async () => {
  const { models, host, left } = makeModels();
  vi.spyOn(LocalHost.prototype, 'start').mockRejectedValueOnce(new Error('spawn ENOMEM'));
  expect(await failureOf(models.list())).toMatchObject({
    code: 'codex-start-failed',
    message: expect.stringContaining('spawn ENOMEM'),
    remedy: expect.any(String),
  });
  expect(left()).toEqual([]);
  expect(await models.list()).not.toEqual([]);
  expect(host.sessions).toHaveLength(2);
});

it('a question for the models that is under way ends when it is closed', async () => {
  const { models, host, left } = makeModels();
  const asked = failureOf(models.list());
  await until(() => host.count() > 0, 'the codex that is asked');
  await models.close();
  expect(await asked).toMatchObject({ code: 'aborted' });
  expect([left(), host.count()]).toEqual([[], 0]);
  expect(await failureOf(models.list())).toMatchObject({ code: 'aborted' });
});

it('Optio tells the models and examines the machine, once for all who ask at the same time', async () => {
  const root = testDirectory('optio');
  const host = new CountingHost({ home: subdirectory(root, 'home') });
  const env = { PATH: process.env.PATH, HOME: join(root, 'home') };
  await using optio = await Optio.open({ dataDir: join(root, 'data'), host, env });
  expect(await optio.models()).not.toEqual([]);
  const before = host.sessions.length;
  const [one, two] = await Promise.all([optio.doctor(), optio.doctor()]);
  expect(one).toBe(two);
  expect(one.map(({ name }) => name)).toEqual(expect.arrayContaining(['node', 'codex', 'sandbox: network', 'login']));
  expect(one.filter(({ status }) => status === 'failed')).toEqual([]);
  expect(new Set(host.sessions.slice(before).filter((session) => session.startsWith('doctor'))).size).toBe(1);
  expect(readdirSync(join(root, 'data', 'runs'))).toEqual([]);
});
