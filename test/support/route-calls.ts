import { fillPath, paramsOf, type RouteSpec } from '../../src/contract/route.ts';
import { ROUTES, type RouteName } from '../../src/contract/routes.ts';
import type { Asking } from './server.ts';

const SPEC = { instructions: 'Explain', workspace: { directory: '/work' } };

/** What a proper request to a route needs besides its address. */
const BODIES: Partial<Record<RouteName, unknown>> = {
  startRun: { spec: SPEC },
  cancelRuns: { metadata: { team: 'red' }, reason: 'enough' },
  sendMessage: { text: 'hello' },
  queueMessage: { text: 'hello' },
  editQueued: { text: 'hello' },
  moveQueued: { before: null },
  changeControls: { model: 'm' },
  answerRequest: { answer: { kind: 'decision', behavior: 'allow' } },
  raiseBudget: { turns: 3 },
  putTask: { id: 'nightly', config: SPEC },
  addBlock: { reason: 'a release' },
  createToken: { name: 'ada', role: 'viewer' },
  addSeed: { id: 'work', apiKey: 'sk-1234567890' },
  undoSeed: {},
  setSeedConfig: { config: '' },
  startSeedLogin: { id: 'work' },
  verifySeed: {},
  writeFile: 'content',
};
const QUERIES: Partial<Record<RouteName, string>> = {
  readFile: '?path=a.txt',
  writeFile: '?path=a.txt',
  searchRuns: '?text=needle',
  listDirectories: '?path=/',
};
const PARAMS: Readonly<Record<string, string>> = {
  run: 'run-1',
  task: 'nightly',
  request: 'r1',
  message: 'm1',
  block: 'block-1',
  token: 'token-1',
  seed: 'work',
  login: 'login-1',
};

/** All routes, by name. */
export const ALL_ROUTES = Object.entries(ROUTES) as [RouteName, RouteSpec][];

/** A proper request to a route. */
export function callOf(name: RouteName): Asking & { readonly path: string } {
  const { method, path, body }: RouteSpec = ROUTES[name];
  const params = Object.fromEntries(paramsOf(path).map((param) => [param, PARAMS[param] ?? '']));
  const sent = BODIES[name];
  return {
    path: fillPath(path, params) + (QUERIES[name] ?? ''),
    method,
    ...(sent !== undefined && { body: sent }),
    ...(body === 'bytes' && { headers: { 'Content-Type': 'application/octet-stream' } }),
  };
}
