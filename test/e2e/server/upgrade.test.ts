import { describe, expect, it } from 'vitest';
import { pause, say } from '../../../src/testing/step.ts';
import { codexOf, until } from '../../support/processes.ts';
import { markOf } from '../../support/run.ts';
import { type CommandPlace, makeCommandPlace, startCommand } from '../cli/command.ts';
import { apiOf, serversOf } from './lives.ts';
import { makeOlderProgram } from './older.ts';

const LONG = { timeout: 180_000 };

/** A run that is in the middle of its turn, begun by a command of this program. */
async function makeHalfway(main?: string) {
  const gate = Promise.withResolvers<void>();
  const place = await makeCommandPlace([say('I begin.'), pause(gate.promise), say('That is all.')]);
  const argv = ['run', '-d', '--fresh', ...place.provider, 'Do it'];
  const { code, stdout, stderr } = await startCommand(place, argv, main === undefined ? {} : { main }).ended;
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const id = stdout.trim();
  await place.model.request();
  const [server] = serversOf(place);
  return { place, id, codex: codexOf(markOf(place, id)), server, goOn: gate.resolve };
}

/** Holds that the run went on as it was: the same codex, one turn, nothing missing in its journal. */
async function expectWhole(place: CommandPlace, id: string, codex: number, goOn: () => void): Promise<void> {
  const api = await apiOf(place);
  const handle = await api.find(id);
  expect(codexOf(markOf(place, id))).toBe(codex);
  goOn();
  expect(await handle.outcome).toMatchObject({ status: 'done', turns: 1 });
  const numbers: number[] = [];
  let text = '';
  for await (const event of handle.events()) {
    numbers.push(event.seq);
    if (event.type === 'item.completed' && event.item.kind === 'agentMessage') text += event.item.text;
  }
  expect(numbers).toEqual(numbers.map((_, at) => at + 1));
  expect(text).toContain('That is all.');
  expect(place.model.requests, 'what the model was asked').toHaveLength(1);
}

describe('a newer command', LONG, () => {
  it('replaces an older server in the background, and its run goes on', async () => {
    const { place, id, codex, server, goOn } = await makeHalfway(makeOlderProgram());
    const commands = [startCommand(place, ['ps']), startCommand(place, ['ps'])];
    for (const { ended } of commands) {
      expect(await ended).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining(id.slice(0, 12)) });
    }
    const after = serversOf(place);
    expect(after).toEqual([{ pid: expect.any(Number), isBackground: true }]);
    expect(after[0]?.pid).not.toBe(server?.pid);
    await expectWhole(place, id, codex, goOn);
  });

  it('uses an older server that a person has started', async () => {
    const place = await makeCommandPlace();
    const served = startCommand(place, ['serve', '--json'], { main: makeOlderProgram() });
    await until(() => served.stdout().includes('\n'), 'the server');
    expect(await startCommand(place, ['ps']).ended).toMatchObject({ code: 0 });
    expect(serversOf(place)).toEqual([{ pid: served.child.pid, isBackground: false }]);
    const second = await startCommand(place, ['serve']).ended;
    expect(second).toMatchObject({ code: 1, stdout: '' });
    expect(second.stderr).toMatch(
      /^error: a server runs already at http\S+ \(process \d+\)\n {2}Use that one, or stop it/,
    );
    served.child.kill('SIGTERM');
    expect((await served.ended).code).toBe(0);
  });
});

describe('an older command', LONG, () => {
  it('uses a newer server', async () => {
    const place = await makeCommandPlace();
    expect(await startCommand(place, ['ps']).ended).toMatchObject({ code: 0 });
    const before = serversOf(place);
    expect(before).toHaveLength(1);
    const { code, stderr } = await startCommand(place, ['ps'], { main: makeOlderProgram() }).ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(serversOf(place)).toEqual(before);
  });
});

describe('serve', LONG, () => {
  it('takes over from a server in the background, and its run goes on', async () => {
    const { place, id, codex, goOn } = await makeHalfway();
    const served = startCommand(place, ['serve', '--json']);
    await until(() => served.stdout().includes('\n'), 'the server of the person');
    expect(serversOf(place)).toEqual([{ pid: served.child.pid, isBackground: false }]);
    await expectWhole(place, id, codex, goOn);
    served.child.kill('SIGINT');
    expect((await served.ended).code).toBe(0);
  });
});
