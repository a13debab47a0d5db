import { describe, expect, it } from 'vitest';
import { isNeeded } from '../../src/compose/need.ts';
import { whatIsLeft } from '../../src/compose/what-is-left.ts';
import type { RunState } from '../../src/contract/outcome.ts';
import type { OpenRequest } from '../../src/contract/run-summary.ts';
import type { ScheduleStatus } from '../../src/contract/schedule.ts';
import type { Stats } from '../../src/contract/stats.ts';
import { detailsOf } from '../support/run-summary.ts';
import { scriptApi } from '../support/scripted-api.ts';

const STATES: readonly RunState[] = [
  'scheduled',
  'starting',
  'running',
  'paused',
  'cancelling',
  'done',
  'failed',
  'cancelled',
];

describe('what a server leaves', () => {
  const runs = STATES.map((state) => detailsOf({ id: `run-${state}`, state }));
  const requests = [{}, {}] as OpenRequest[];

  it('is what is under way, what waits, and what is asked', async () => {
    expect(await whatIsLeft(scriptApi({ runs, requests }).api, {})).toEqual({
      pid: process.pid,
      left: ['run-starting', 'run-running', 'run-paused', 'run-cancelling'],
      waiting: ['run-scheduled'],
      openRequests: 2,
      drainMs: 0,
      cancel: false,
    });
  });

  it('is no demo, whose model ends with the server', async () => {
    const demo = detailsOf({ id: 'run-demo', state: 'running', metadata: { 'optio-codex': 'demo' } });
    const asked = ['run-demo', 'run-running'].map((runId) => ({ runId }) as OpenRequest);
    const report = await whatIsLeft(scriptApi({ runs: [demo, ...runs], requests: asked }).api, {});
    expect(report.left).not.toContain('run-demo');
    expect(report.openRequests).toBe(1);
  });

  it('is nothing but what waits when the rest is cancelled', async () => {
    const report = await whatIsLeft(scriptApi({ runs, requests }).api, { cancel: true });
    expect(report).toMatchObject({ left: [], waiting: ['run-scheduled'], openRequests: 0 });
  });

  it('is all of it, however much that is', async () => {
    const many = Array.from({ length: 1_200 }, (_, at) => detailsOf({ id: `run-${at}`, state: 'running' }));
    const { left } = await whatIsLeft(scriptApi({ runs: many }).api, {});
    expect(left).toEqual(many.map(({ id }) => id));
  });
});

describe('the need for a server', () => {
  const ask = (state: string, count: number, rest: object, schedules: readonly { isPaused: boolean }[]) =>
    isNeeded({
      stats: async () => ({ runs: { ...NONE, [state]: count }, readers: 0, watchers: 0, ...rest }) as Stats,
      schedules: async () => schedules as ScheduleStatus[],
    });
  const NONE = Object.fromEntries(STATES.map((state) => [state, 0]));

  it.each<[string, boolean]>([
    ['scheduled', true],
    ['starting', true],
    ['running', true],
    ['paused', true],
    ['cancelling', true],
    ['done', false],
    ['failed', false],
    ['cancelled', false],
  ])('is there for a run that is %s: %s', async (state, needed) => {
    expect(await ask(state, 1, {}, [])).toBe(needed);
  });

  it('is there while somebody reads, or a schedule holds', async () => {
    expect(await ask('done', 0, {}, [])).toBe(false);
    expect(await ask('done', 0, { readers: 1 }, [])).toBe(true);
    expect(await ask('done', 0, { watchers: 1 }, [])).toBe(true);
    expect(await ask('done', 0, {}, [{ isPaused: true }, { isPaused: false }])).toBe(true);
    expect(await ask('done', 0, {}, [{ isPaused: true }])).toBe(false);
  });
});
