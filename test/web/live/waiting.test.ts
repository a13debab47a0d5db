import { expect, it, vi } from 'vitest';
import type { WaitingCall } from '../../../src/client/index.ts';
import { actsOf, Waiting } from '../../../web/src/live/waiting.ts';

function callOf(method: string, path: string) {
  const { promise: over, resolve: end } = Promise.withResolvers<void>();
  return { method, path, over, callOff: vi.fn(), end } satisfies WaitingCall & { end: () => void };
}

it('knows what waits to be sent, each once, until that is over', async () => {
  const waiting = new Waiting();
  const launch = callOf('POST', '/api/runs');
  for (const call of [undefined, callOf('GET', '/api/runs'), launch, launch]) waiting.add(call);
  expect(waiting.calls.value).toEqual([launch]);
  launch.end();
  await launch.over;
  expect(waiting.calls.value).toEqual([]);
});

it('names what was done, the same acts together, and calls off all of these', () => {
  const archive = [1, 2].map((at) => callOf('POST', `/api/runs/run-${at}/archive`));
  const acts = actsOf([
    callOf('POST', '/api/runs'),
    ...archive,
    callOf('POST', '/api/runs/run-1/requests/request-1/answer'),
    callOf('DELETE', '/api/seeds/work?force=true'),
    callOf('POST', '/api/something/new'),
  ]);
  expect(acts.map(({ label }) => label)).toEqual(['Launch', 'Archive (2)', 'Answer', 'Removal of a login', 'A change']);
  acts[1]?.callOff();
  for (const { callOff } of archive) expect(callOff).toHaveBeenCalledOnce();
});
