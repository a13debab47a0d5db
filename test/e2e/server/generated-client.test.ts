import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { generate } from 'openapi-typescript-codegen';
import { expect, it } from 'vitest';
import type { RunEvent } from '../../../src/contract/event.ts';
import { addFile, endTurn, say, shell } from '../../../src/testing/index.ts';
import { testDirectory } from '../../support/directories.ts';
import { until } from '../../support/processes.ts';
import { servePlace } from './served.ts';

/** A verb of a generated client: one object of arguments in, the body of the answer out. */
type Verb = (args: Readonly<Record<string, unknown>>) => Promise<unknown>;
type GeneratedClient = Readonly<Record<string, Readonly<Record<string, Verb>>>>;
interface Generated {
  readonly Client: new (config: { readonly BASE: string; readonly TOKEN: string }) => GeneratedClient;
}

/** A client of a served document, made by a generator that knows nothing of us, and checked by the compiler. */
async function generateClient(document: Record<string, unknown>): Promise<Generated> {
  const output = join(testDirectory('generated'), 'client');
  await generate({ input: document, output, clientName: 'Client', useOptions: true, useUnionTypes: true });
  const index = join(output, 'index.ts');
  const flags = '--noEmit --strict --module esnext --moduleResolution bundler --target es2024 --lib es2024,dom';
  const tsc = join(createRequire(import.meta.url).resolve('typescript/package.json'), '..', 'bin', 'tsc');
  await promisify(execFile)(process.execPath, [tsc, ...flags.split(' '), index], { cwd: output }).catch(
    ({ stdout }) => {
      throw new Error(`the compiler does not take the client: ${stdout}`);
    },
  );
  return import(index);
}

it('a client that a public generator makes of the served document drives a whole run', async () => {
  const { url, token, workspace, model } = await servePlace([
    addFile('made.txt', 'made\n'),
    say('Made.'),
    endTurn(),
    shell('touch started; sleep 600', { yieldMs: 600_000 }),
    say('It was stopped.'),
  ]);
  const served = await fetch(`${url}/api/openapi.json`, { headers: { authorization: `Bearer ${token}` } });
  const { Client } = await generateClient((await served.json()) as Record<string, unknown>);
  const client = new Client({ BASE: url, TOKEN: token });
  const call = async (service: string, verb: string, args: Readonly<Record<string, unknown>> = {}) =>
    // biome-ignore lint/suspicious/noExplicitAny: what it gives has types of its own, which only exist once it is made
    (await (client[service] as Readonly<Record<string, Verb>>)[verb]?.(args)) as any;

  const spec = {
    instructions: 'Make it',
    workspace: { directory: workspace },
    provider: { baseUrl: model.url },
    model: 'scripted',
    permissionGate: true,
    approvalPolicy: 'untrusted',
    endRule: 'told',
  };
  const launch = { requestBody: { spec, options: { name: 'made by others' } }, idempotencyKey: 'launch-1' };
  const { id: run } = await call('runs', 'startRun', launch);
  expect(await call('runs', 'startRun', launch), 'with the same key').toMatchObject({ id: run });
  const told: Promise<string> = call('journal', 'readEvents', { run });

  const requests = () => call('requests', 'listRequestsOfRun', { run }).then((answer) => answer.requests);
  await until(async () => (await requests()).length === 1, 'the question whether it may change a file');
  const [{ request }] = await requests();
  expect(request).toMatchObject({ kind: 'fileChange', changes: [{ kind: 'add' }] });
  const allowed = { kind: 'decision', behavior: 'allow' };
  const answer = (given: object) =>
    call('requests', 'answerRequest', { run, request: request.id, requestBody: { answer: given } });
  await answer(allowed);
  await answer(allowed); // the same again is fine
  await expect(answer({ ...allowed, behavior: 'deny' })).rejects.toMatchObject({
    status: 404,
    body: { code: 'not-found' },
  });

  const { turnId } = await call('conversation', 'sendMessage', { run, requestBody: { text: 'Go on' } });
  await until(async () => (await requests()).length === 1, 'the question whether it may run a command');
  const [{ request: second }] = await requests();
  await call('requests', 'answerRequest', { run, request: second.id, requestBody: { answer: allowed } });
  await until(() => existsSync(join(workspace, 'started')), 'the command');
  expect(await call('files', 'readFile', { run, path: 'made.txt' })).toBe('made\n');
  await call('run', 'cancelRun', { run, requestBody: { reason: 'enough' } });
  const { outcome } = await call('run', 'waitForRun', { run, waitMs: 60_000 });
  expect(outcome).toMatchObject({ status: 'cancelled', turns: expect.any(Number) });

  const frames = (await told).split('\n\n');
  const events = frames.flatMap((frame) => {
    const [, data] = /^id: \d+\ndata: (.*)$/.exec(frame) ?? [];
    return data === undefined ? [] : [JSON.parse(data) as RunEvent];
  });
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, at) => at + 1));
  expect(events).toEqual((await call('journal', 'readJournal', { run })).events);
  expect(events).toContainEqual(expect.objectContaining({ type: 'turn.started', turnId }));
  expect(events.at(-1)).toMatchObject({ type: 'run.ended', outcome });
  expect((await call('runs', 'listRuns', { search: 'others', state: ['cancelled'] })).runs).toMatchObject([
    { id: run },
  ]);
  await expect(call('run', 'showRun', { run: 'no such run' })).rejects.toMatchObject({ status: 404 });
});
