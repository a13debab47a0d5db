import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startCommand } from '../cli/command.ts';
import { hasEnded, type Moment, type MortalPlace, makeMortalPlace } from './mortal-place.ts';

/** Each verb twice takes its time on a machine that does other things as well. */
const LONG = { timeout: 300_000 };
const MOMENTS: readonly Moment[] = ['before', 'after'];

/** What a verb does at each of these moments, one after the other. */
async function atEach(act: (when: Moment) => Promise<void>): Promise<void> {
  for (const when of MOMENTS) await act(when);
}

/** How many times the journal of a run tells something. */
async function countOf({ find }: MortalPlace, id: string, type: string, text = ''): Promise<number> {
  const handle = await find(id);
  const { seq } = await handle.view();
  let count = 0;
  for await (const event of handle.events()) {
    if (event.type === type && JSON.stringify(event).includes(text)) count++;
    if (event.seq >= seq) break;
  }
  return count;
}

describe('the death of the server in the middle of', LONG, () => {
  it('what begins a run: there is one, and it is told', async () => {
    const mortal = await makeMortalPlace();
    const { place, survive, api, detailsWhen, begin } = mortal;
    const ids = async () => (await api.list()).runs.map(({ id }) => id);
    await atEach(async (when) => {
      const before = await ids();
      const argv = ['run', '-d', '--fresh', ...place.provider, '!say Done.'];
      const { code, stdout } = await survive(argv, /POST \/api\/runs$/, when);
      const made = (await ids()).filter((id) => !before.includes(id));
      expect({ code, stdout }).toEqual({ code: 0, stdout: `${made.join()}\n` });
      expect(made).toHaveLength(1);
    });
    const id = await begin('!say Once more.');
    await detailsWhen(id, hasEnded, 'the end');
    await atEach(async (when) => {
      const before = await ids();
      const { code, stdout } = await survive(['retry', '-d', id], /POST \/api\/runs\/[^/]+\/retry$/, when);
      const made = (await ids()).filter((one) => !before.includes(one));
      expect({ code, stdout }).toEqual({ code: 0, stdout: `${made.join()}\n` });
      expect(made).toHaveLength(1);
    });
  });

  it('what shows a run: all of it is shown, once', async () => {
    const mortal = await makeMortalPlace();
    const { place, survive, begin, api, find } = mortal;
    const text = Array.from({ length: 40 }, (_, at) => `word-${at}`).join(' ');
    const argv = ['run', '--fresh', ...place.provider, `!say ${text}`];
    const watched = await survive(argv, /GET .*\/events/, { text: 'word-20' });
    expect(watched).toMatchObject({ code: 0, stderr: '' });
    expect(
      watched.stdout
        .split(/\s+/)
        .filter((word) => word.startsWith('word-'))
        .slice(-40),
    ).toEqual(text.split(' '));
    expect((await api.list()).runs).toHaveLength(1);
    const inTheMiddle = [/GET .*events/, { text: 'turn.started' }] as const;
    for (const [verb, said, request, when] of [
      [['attach'], /^The very end\.$/gm, ...inTheMiddle],
      [['logs', '-f'], /^The very end\.$/gm, ...inTheMiddle],
      [['wait'], /done/g, /GET .*outcome/, 'before'],
    ] as const) {
      const id = await begin('!pause 1500\n!say The very end.');
      const { code, stdout, stderr } = await survive([...verb, id], request, when);
      expect({ verb, code, stderr }).toEqual({ verb, code: 0, stderr: '' });
      expect(stdout.match(said), stdout).toHaveLength(1);
      expect((await (await find(id)).outcome).status).toBe('done');
    }
  });

  it('what only looks: it sees what there is', async () => {
    const { survive, begin, requestOf } = await makeMortalPlace();
    const id = await begin('!escalate touch made -- It is needed.\n!say Done.', '--name', 'asks');
    const request = await requestOf(id);
    const looks: readonly [RegExp, string, ...string[]][] = [
      [/GET \/api\/runs\?/, '"name":"asks"', 'ps', '--json'],
      [/GET \/api\/runs\/[^/]+$/, '"name":"asks"', 'show', id, '--json'],
      [/GET .*\/export/, 'It waits for an answer.', 'export', id],
      [/GET .*\/events/, 'touch made', 'logs', id],
      [/GET \/api\/requests/, request, 'requests', '--json'],
      [/GET \/api\/tasks/, '{"tasks":[]}', 'tasks', '--json'],
      [/GET \/api\/schedules/, '{"schedules":[]}', 'schedules', '--json'],
    ];
    for (const [asked, seen, ...argv] of looks) {
      const { code, stdout, stderr } = await survive(argv, asked, 'after');
      const hint = argv[0] === 'logs' ? expect.stringMatching(/^It waits for an answer: [^\n]*\n$/) : '';
      expect({ argv, code, stderr }).toEqual({ argv, code: 0, stderr: hint });
      expect(stdout.split(seen).length, stdout).toBeGreaterThan(1);
    }
  });

  it('what is said to a run: it hears it once', async () => {
    const mortal = await makeMortalPlace();
    const { survive, begin, detailsWhen, idleAfter, place, run } = mortal;
    const id = await begin('!say Hello.', '--stay');
    let turns = 1;
    await idleAfter(id, turns);
    await atEach(async (when) => {
      const { code } = await survive(['send', id, `!say Heard ${when}.`], /POST .*\/messages/, when);
      expect(code).toBe(0);
      await idleAfter(id, ++turns);
      expect(await countOf(mortal, id, 'message.sent', `Heard ${when}.`)).toBe(1);
      expect(place.model.requests.filter(({ userText }) => userText.includes(`Heard ${when}.`))).toHaveLength(1);
    });
    await run('send', id, '!run sleep 3');
    await atEach(async (when) => {
      const { code } = await survive(['send', id, '--queue', `!say Waited ${when}.`], /POST .*\/queue$/, when);
      expect(code).toBe(0);
    });
    turns += 3;
    await idleAfter(id, turns);
    const waited = place.model.requests.flatMap(({ userText }) =>
      userText.startsWith('!say Waited') ? [userText] : [],
    );
    expect(waited).toEqual(['!say Waited before.', '!say Waited after.']);
    await atEach(async (when) => {
      const asked = place.model.requests.length;
      await run('send', id, '!hang');
      expect(place.model.requests.length).toBeGreaterThanOrEqual(asked);
      const { code } = await survive(['interrupt', id], /POST .*\/interrupt/, when);
      expect(code).toBe(0);
      await idleAfter(id, ++turns);
    });
    await atEach(async (when) => {
      const paused = await survive(['pause', id, '--reason', `why ${when}`], /POST .*\/pause/, when);
      expect(paused.code).toBe(0);
      await detailsWhen(id, ({ state }) => state === 'paused', 'the pause');
      expect(await countOf(mortal, id, 'run.state', `why ${when}`)).toBe(1);
      expect((await survive(['resume', id], /POST .*\/resume/, when)).code).toBe(0);
      await detailsWhen(id, ({ state }) => state === 'running', 'its going on');
    });
  });

  it('what ends a run, or removes it: it has ended, or is gone', async () => {
    const mortal = await makeMortalPlace();
    const { survive, begin, detailsWhen, idleAfter, api } = mortal;
    await atEach(async (when) => {
      for (const [verb, state] of [
        ['finish', 'done'],
        ['cancel', 'cancelled'],
      ] as const) {
        const id = await begin('!say Hello.', '--stay');
        await idleAfter(id, 1);
        const { code, stderr } = await survive([verb, id], new RegExp(`POST .*/${verb}`), when);
        expect({ verb, when, code, stderr }).toEqual({ verb, when, code: 0, stderr: '' });
        expect((await detailsWhen(id, hasEnded, 'the end')).state).toBe(state);
        expect(await countOf(mortal, id, 'run.ended')).toBe(1);
        if (verb === 'cancel') continue;
        expect(await survive(['rm', id], /DELETE \/api\/runs/, when)).toMatchObject({
          code: 0,
          stdout: `${id} is removed.\n`,
        });
        expect((await api.list()).runs.map((run) => run.id)).not.toContain(id);
      }
    });
  });

  it('an answer: it is given once', async () => {
    const mortal = await makeMortalPlace();
    const { survive, begin, requestOf, find } = mortal;
    await atEach(async (when) => {
      for (const [verb, prompt, ...words] of [
        ['approve', '!escalate touch made -- It is needed.\n!say Done.'],
        ['deny', '!escalate touch made -- It is needed.\n!say Done.'],
        ['answer', '!ask Which one? | This | That\n!say Done.', 'That'],
      ] as const) {
        const id = await begin(prompt);
        const request = await requestOf(id);
        const { code, stderr } = await survive([verb, request, ...words], /POST .*\/requests\//, when);
        expect({ verb, when, code, stderr }).toEqual({ verb, when, code: 0, stderr: '' });
        expect(await (await find(id)).outcome).toMatchObject({ status: 'done' });
        expect(await countOf(mortal, id, 'request.opened')).toBe(1);
        const said = { approve: '"allow"', deny: '"deny"', answer: 'That' }[verb];
        expect(await countOf(mortal, id, 'request.answered', said)).toBe(1);
      }
    });
  });

  it('what is made, or taken away: it is there, or is not, and no secret is made up', async () => {
    const { survive, api, place } = await makeMortalPlace();
    const file = join(place.workspace, 'task.json');
    const provider = { baseUrl: place.model.url, models: [{ id: 'scripted' }] };
    const config = { instructions: '!say Done.', workspace: { fresh: true }, provider, model: 'scripted' };
    writeFileSync(
      file,
      JSON.stringify({ id: 'nightly', config: { ...config, autoStart: true, endRule: 'firstTurn' } }),
    );
    const tasks = async () => (await api.tasks()).map(({ id }) => id);
    await atEach(async (when) => {
      expect(await survive(['task', 'add', file], /PUT .*tasks/, when)).toMatchObject({ code: 0, stderr: '' });
      expect(await tasks()).toEqual(['nightly']);
      const launched = await survive(['launch', '-d', 'nightly'], /POST .*launch/, when);
      const { runs } = await api.list({ states: ['scheduled', 'starting', 'running', 'done'] });
      expect(launched).toMatchObject({ code: 0, stdout: `${runs[0]?.id}\n` });
      await (await api.find(runs[0]?.id ?? '')).outcome;
      await (await api.find(runs[0]?.id ?? '')).remove();
      expect(runs).toHaveLength(1);
      expect(await survive(['task', 'rm', 'nightly'], /DELETE .*tasks/, when)).toMatchObject({ code: 0, stderr: '' });
      expect(await tasks()).toEqual([]);
    });
    const add = (name: string) => ['token', 'add', name, '--role', 'viewer'];
    const made = await survive(add('one'), /POST .*tokens/, 'before');
    expect(made).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\S{20,}\n$/) });
    const lost = await survive(add('two'), /POST .*tokens/, 'after');
    expect(lost).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('its secret lost') });
    expect(await api.tokens()).toHaveLength(2);
  });

  it('its end: it is gone, and nothing that it had', async () => {
    const { orderDeath, begin, place, idleAfter, find } = await makeMortalPlace();
    const id = await begin('!say Hello.', '--stay');
    await idleAfter(id, 1);
    await atEach(async (when) => {
      orderDeath(/POST .*\/stop/, when);
      const { code, stdout } = await startCommand(place, ['stop']).ended;
      expect(code).toBe(0);
      expect(stdout).toMatch(/^The server \(process \d+\) died before it could stop\.\n1 run goes on without it/);
      expect(stdout).toContain(`\n  ${id}\n`);
      expect((await (await find(id)).details()).state).toBe('running'); // a new server has taken it up
    });
  });
});
