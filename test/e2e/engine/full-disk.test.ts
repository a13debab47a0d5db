import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { RunEvent, RunEventOf } from '../../../src/contract/event.ts';
import type { RunOutcome } from '../../../src/contract/outcome.ts';
import { subdirectory, testDirectory } from '../../support/directories.ts';
import { fakePath } from '../../support/fakes.ts';
import { inMountNamespace, skipFor, whyNoMounts } from '../../support/privileges.ts';

interface Seen {
  readonly events: readonly RunEvent[];
  readonly outcome: RunOutcome;
  readonly refusal: string;
}

it('a run whose disk is full is paused in a state that is written down, loses nothing, and goes on when there is space', async ({
  skip,
}) => {
  skipFor(whyNoMounts, skip);
  const root = testDirectory('full');
  const [disk, home, workspace] = ['disk', 'home', 'workspace'].map((name) => subdirectory(root, name));
  const script = 'mount -t tmpfs -o size=48m none "$3"; exec "$1" "$2" "$3" "$4" "$5"';
  const fake = fakePath('fills-disk.ts');
  const places = [disk, home, workspace] as [string, string, string];
  const { events, outcome, refusal }: Seen = JSON.parse(
    await inMountNamespace(script, process.execPath, fake, ...places),
  );
  expect(outcome).toMatchObject({ status: 'done', text: 'done all the same', turns: 2 });
  expect(refusal, 'nothing new is begun meanwhile').toBe('store-full');
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
  const states = events.filter((event): event is RunEventOf<'run.state'> => event.type === 'run.state');
  expect(states.map(({ state }) => state)).toEqual(['starting', 'running', 'paused', 'running']);
  expect(states[2]?.pause).toMatchObject({ reason: 'storeFull' });
  expect(events.filter(({ type }) => type === 'turn.started')).toHaveLength(2);
  expect(readFileSync(join(workspace ?? '', 'out.txt'), 'utf8')).toBe('one\n');
});
