import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { RunEventOf } from '../../../src/contract/event.ts';
import type { Told } from '../../fakes/fills-disk.ts';
import { subdirectory, testDirectory } from '../../support/directories.ts';
import { fakePath } from '../../support/fakes.ts';
import { lostOf } from '../../support/kill-loop.ts';
import { inMountNamespace, skipFor, whyNoMounts } from '../../support/privileges.ts';

it('a run whose disk is full is paused in a state that is written down, loses nothing, and goes on when there is space', async ({
  skip,
}) => {
  skipFor(whyNoMounts, skip);
  const root = testDirectory('full');
  const [disk, home, workspace] = ['disk', 'home', 'workspace'].map((name) => subdirectory(root, name));
  const script = 'mount -t tmpfs -o size=48m none "$3"; exec "$1" "$2" "$3" "$4" "$5"';
  const fake = fakePath('fills-disk.ts');
  const places = [disk, home, workspace] as [string, string, string];
  const told: Told = JSON.parse(await inMountNamespace(script, process.execPath, fake, ...places));
  const { seen: events, outcome, refusal, kept } = told;
  expect(outcome).toMatchObject({ status: 'done', text: 'done all the same', turns: 2 });
  expect(refusal, 'nothing new is begun meanwhile').toBe('store-full');
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
  const states = events.filter((event): event is RunEventOf<'run.state'> => event.type === 'run.state');
  expect(states.map(({ state }) => state)).toEqual(['starting', 'running', 'paused', 'running']);
  expect(states[2]?.pause).toMatchObject({ reason: 'storeFull' });
  expect(events.filter(({ type }) => type === 'turn.started')).toHaveLength(2);
  expect(readFileSync(join(workspace ?? '', 'out.txt'), 'utf8')).toBe('one\n');

  const shown = new Map(events.map((event) => [`${kept.run?.id} ${event.seq}`, JSON.stringify(event)]));
  expect(lostOf({ seen: shown, changed: [] }, kept.run?.id ?? '', kept.events)).toEqual([]);
  expect(kept.events.at(-1)?.seq).toBe(events.at(-1)?.seq);
  expect(kept.run, 'how it ended').toMatchObject({ state: 'done', outcome });
  expect(kept.request, 'an answer').toMatchObject({ state: 'answered', answer: { behavior: 'allow' }, by: 'ada' });
  expect(kept.launched, 'a launch').toMatchObject({ id: told.launchedId, state: 'scheduled', taskId: 'later' });
});
