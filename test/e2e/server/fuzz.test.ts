import { Agent } from 'node:http';
import fc, { type RunDetails } from 'fast-check';
import { expect, it, onTestFinished } from 'vitest';
import { includesRole, type Role } from '../../../src/contract/role.ts';
import type { RouteName } from '../../../src/contract/routes.ts';
import type { RunSummary } from '../../../src/contract/run-summary.ts';
import { type RawRequest, requestsTo } from '../../support/bad-requests.ts';
import { sendRaw } from '../../support/raw-request.ts';
import { callOf } from '../../support/route-calls.ts';
import {
  DocumentedAnswers,
  type GivenAnswer,
  type ServedDocument,
  type ServedOperation,
} from '../../support/served-document.ts';
import { type FuzzedPlace, makeFuzzedPlace, type Supply } from './fuzzed-place.ts';

/** Say the same one again to see the same again. */
const SEED = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31);
const REQUESTS_PER_ROUTE = Number(process.env.FUZZ_REQUESTS ?? 150);
/** How long all of it may take, in milliseconds: where the machine is slow, less is sent. */
const DURATION_MS = Number(process.env.FUZZ_MS ?? 40_000);
/** Of a run that has not ended they wait for its session, and none comes here. */
const WAIT_FOR_SESSION = ['sendMessage', 'changeControls', 'finishRun', 'interruptRun'];

/** What in a spec needs an admin. */
const LIFTS = /"sandbox":"danger-full-access"|"exposeLogin":true|"codexBinary":"/;

interface Route {
  readonly path: string;
  readonly method: string;
  readonly operation: ServedOperation;
}

it('answers whatever is sent to any route, as its document says, and loses nothing', { timeout: 300_000 }, async () => {
  const place = await makeFuzzedPlace();
  const agent = new Agent({ keepAlive: true });
  onTestFinished(() => agent.destroy());
  const server = { port: place.port, agent };
  const owner = { Authorization: `Bearer ${place.owner}` };
  const get = (path: string) => sendRaw(server, { method: 'GET', path, headers: owner, body: '' });
  const document = JSON.parse((await get('/api/openapi.json')).text) as ServedDocument;
  const answers = new DocumentedAnswers(document);
  const before = await place.look();
  /** Everything that there is, or of which somebody was told that it was made. */
  const told = await idsIn(place);
  const counts = new Map<string, [well: number, refused: number]>();

  const send = async ({ path, operation }: Route, sent: RawRequest) => {
    const given = await sendRaw(server, sent);
    const meant = document.paths[path]?.[sent.method.toLowerCase()];
    const fault = faultIn(given, sent, meant, answers) ?? (isDone(given, sent) && trespassOf(sent, meant, place));
    if (fault) throw new Error(`${fault}\nit was answered ${given.status}: ${given.text.slice(0, 1_000)}`);
    const [well, refused] = counts.get(operation.operationId) ?? [0, 0];
    counts.set(operation.operationId, given.status < 400 ? [well + 1, refused] : [well, refused + 1]);
    if (isDone(given, sent) && /^\{"id":/.test(given.text)) told.add(JSON.parse(given.text).id);
  };

  const routes = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): Route => ({ path, method, operation })),
  );
  const end = performance.now() + DURATION_MS;
  for (const [index, route] of routes.entries()) {
    const references = await referencesFor(route, place, await place.supply());
    for (const id of await idsIn(place)) told.add(id);
    const requests = requestsTo({
      ...route,
      named: document.components.schemas,
      example: callOf(route.operation.operationId as RouteName).body,
      references,
      readable: { run: [...place.kept, 'waiting', '@last'], task: ['quick', 'kept-task'] },
      authorizations: [
        owner.Authorization,
        `Bearer ${place.viewer}`,
        `Bearer ${place.operator}`,
        'Bearer wrong',
        'Basic \xff',
        '',
      ],
    });
    // What has begun comes to its end, so that a route that hangs is found out.
    const over = performance.now() + (end - performance.now()) / (routes.length - index);
    const property = fc.asyncProperty(requests, async (sent) => {
      if (performance.now() < over) await send(route, sent);
    });
    const { failed, ...result } = await fc.check(property, { seed: SEED, numRuns: REQUESTS_PER_ROUTE });
    const report = failed && fc.defaultReportMessage({ failed, ...result } as RunDetails<[RawRequest]>);
    const why = (result.errorInstance as Error | null)?.message;
    if (report) throw new Error(`${why}\nFUZZ_SEED=${SEED}, ${route.operation.operationId}: ${report}`);
  }
  console.log(
    `FUZZ_SEED=${SEED}, done and refused: ${[...counts].map(([name, [well, no]]) => `${name} ${well} ${no}`).join(', ')}`,
  );

  expect(await place.look()).toEqual(before);
  expect(
    [...(await idsIn(place))].filter((id) => !told.has(id)),
    'what was made, and nobody was told',
  ).toEqual([]);
  const begun = (await runsIn(place)).filter(({ taskId, startedAt }) => startedAt && !/asking$|quick$/.test(taskId));
  expect(begun, 'runs of a codex').toEqual([]);
  const asking = await place.optio.find(place.kept[1] as string);
  await asking.answer('ask-kept-asking', { kind: 'decision', behavior: 'allow' });
  expect(await asking.outcome).toMatchObject({ status: 'done' });
});

/** What a route may act on. */
async function referencesFor({ operation }: Route, { optio }: FuzzedPlace, { ended, open }: Supply) {
  const own = WAIT_FOR_SESSION.includes(operation.operationId) ? ended : [...ended, ...open];
  const blocks = [await optio.block({ metadata: { a: 'b' } }, { reason: 'to be lifted' })];
  const tokens = [await optio.createToken({ name: `for ${operation.operationId}`, role: 'operator' })];
  const seed = await optio.addSeed({ id: `for-${operation.operationId.toLowerCase()}`, apiKey: 'sk-1234567890' });
  const begins = /SeedLogin$/.test(operation.operationId);
  const logins = begins ? [(await optio.startSeedLogin({ id: `of-${seed.id}` })).id] : [];
  return {
    run: own,
    task: [operation.operationId === 'putTask' ? 'nightly' : 'task'],
    request: ['ask-asking', 'ask-nothing'],
    block: [...blocks.map(({ id }) => id), 'none'],
    token: [...tokens.map(({ id }) => id), 'none'],
    seed: [seed.id, 'none'],
    login: [...logins, 'none'],
  };
}

async function runsIn({ optio }: FuzzedPlace): Promise<RunSummary[]> {
  const all: RunSummary[] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const { runs, next } = await optio.list({ limit: 500, ...(cursor !== undefined && { cursor }) });
    all.push(...runs);
    cursor = next;
  }
  return all;
}

/** Of all that can be made; but for what a schedule has launched by itself. */
async function idsIn(place: FuzzedPlace): Promise<Set<string>> {
  const { optio } = place;
  const runs = (await runsIn(place)).filter(({ scheduledFor }) => scheduledFor === null);
  const lists = [runs, await optio.tasks(), await optio.blocks(), await optio.tokens()];
  return new Set(lists.flatMap((list) => list.map(({ id }: { readonly id: string }) => id)));
}

/** What is wrong with an answer. `meant`: what it is an answer of; undefined where there is no such method. */
function faultIn(
  given: GivenAnswer,
  { method }: RawRequest,
  meant: ServedOperation | undefined,
  answers: DocumentedAnswers,
) {
  if (given.status >= 500) return 'the server blames itself';
  if (method === 'HEAD') return given.text === '' ? undefined : 'the answer to HEAD has a body';
  if (method === 'OPTIONS' && given.status === 204) return undefined;
  if (meant) return answers.problemWith(meant, given);
  return given.status >= 400 ? answers.problemIn(given.status, given.text) : 'there is no such route, and it was done';
}

function isDone({ status }: GivenAnswer, { method }: RawRequest): boolean {
  return status < 300 && method !== 'HEAD' && method !== 'OPTIONS';
}

/** Whether somebody has done what he may not; an operator, too, what lifts the sandbox. */
function trespassOf(
  { headers: { Authorization }, body }: RawRequest,
  meant: ServedOperation | undefined,
  { owner, operator, viewer }: FuzzedPlace,
) {
  const roles = new Map<string | undefined, Role>([
    [`Bearer ${owner}`, 'admin'],
    [`Bearer ${operator}`, 'operator'],
    [`Bearer ${viewer}`, 'viewer'],
  ]);
  const role = roles.get(Authorization);
  if (role === 'operator' && meant?.['x-role'] === 'operator' && LIFTS.test(body))
    return 'an operator has lifted the sandbox';
  return role && meant && includesRole(role, meant['x-role'] as Role) ? undefined : 'somebody has done what he may not';
}
