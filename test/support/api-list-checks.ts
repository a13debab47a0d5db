import { mkdirSync, writeFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { RunEvent } from '../../src/contract/event.ts';
import type { RunQuery } from '../../src/contract/run-query.ts';
import { applyRunUpdate, EMPTY_RUN_LIST } from '../../src/contract/run-update.ts';
import type { SearchQuery } from '../../src/contract/search.ts';
import type { RunContext } from '../../src/task/context.ts';
import type { ApiCheck } from './api-checks.ts';
import { allow, asking, request } from './asks.ts';
import { readAll } from './client.ts';
import { testDirectory } from './directories.ts';
import { done, taskOf, told } from './engine.ts';
import { until } from './processes.ts';
import { SESSION_STARTED } from './run-events.ts';
import { patient, quick } from './tasks.ts';
import { readZip } from './zip.ts';

/** What has to be so of every OptioApi where it tells of many runs, or of what one has made. */
export const API_LIST_CHECKS: Readonly<Record<string, ApiCheck>> = {
  async 'finds a run by less than its id'({ api, optio }) {
    await optio.define(quick('nightly'));
    const first = await api.launch('nightly', { name: 'First' });
    await first.outcome;
    const second = await api.launch('nightly', { name: 'Second / 2' });
    await second.outcome;
    expect((await api.find('@last')).id).toBe(second.id);
    expect((await api.find('First')).id).toBe(first.id);
    expect((await api.find('Second / 2')).id).toBe(second.id);
    expect((await api.find(first.id.slice(0, -2))).id).toBe(first.id);
    await expect(api.find('Third')).rejects.toMatchObject({ code: 'not-found' });
  },

  async 'lists runs in pages, filtered and sorted'({ api, optio }) {
    await optio.define(quick('nightly'));
    for (const name of ['beta', 'alpha', 'gamma'])
      await (await api.launch('nightly', { name, metadata: { name } })).outcome;
    const namesOf = async (query: object) => {
      const page = await api.list(query);
      return { names: page.runs.map(({ name }) => name), next: page.next };
    };
    expect(await namesOf({ sort: 'name' })).toEqual({ names: ['alpha', 'beta', 'gamma'], next: null });
    expect(await namesOf({ metadata: { name: 'alpha' }, states: ['done', 'failed'] })).toEqual({
      names: ['alpha'],
      next: null,
    });
    expect(await namesOf({ search: 'GAMM', isWaiting: false, taskId: 'nightly' })).toEqual({
      names: ['gamma'],
      next: null,
    });
    const { names, next } = await namesOf({ sort: '-name', limit: 2 });
    expect(names).toEqual(['gamma', 'beta']);
    expect(await namesOf({ sort: '-name', limit: 2, cursor: next })).toEqual({ names: ['alpha'], next: null });
    await expect(api.list({ cursor: 'nonsense' })).rejects.toMatchObject({ code: 'invalid-input' });
    await expect(api.list({ limit: 0 })).rejects.toMatchObject({ code: 'invalid-input' });
  },

  async 'finds what was said in runs'({ api, optio }) {
    const says = async (context: RunContext) => {
      context.emit({ type: 'notice', level: 'info', message: String(context.params) });
      return done();
    };
    await optio.define(taskOf(says, { id: 'says' }));
    const hostile = 'a "b" AND c* % _ \\ \' ; ü 🎉 & ? # +';
    for (const [name, params] of Object.entries({ plain: 'a needle', odd: `Say ${hostile}!`, other: 'NEEDLE' }))
      await (await api.launch('says', { name, params, metadata: { name } })).outcome;
    const namesOf = async (query: SearchQuery) => {
      for (;;) {
        const { found, next, isBehind } = await api.search(query);
        if (!isBehind) return { names: found.map(({ run }) => run.name), next, snippet: found[0]?.texts[0]?.snippet };
      }
    };
    expect(await namesOf({ text: 'Needle' })).toEqual({ names: ['other', 'plain'], next: null, snippet: 'NEEDLE' });
    const { names, next } = await namesOf({ text: 'needle', limit: 1 });
    expect(names).toEqual(['other']);
    expect(await namesOf({ text: 'needle', limit: 1, cursor: String(next) })).toMatchObject({
      names: ['plain'],
      next: null,
    });
    expect(await namesOf({ text: 'needle', metadata: { name: 'plain' } })).toMatchObject({ names: ['plain'] });
    expect(await namesOf({ text: hostile })).toMatchObject({ names: ['odd'] });
    expect(await namesOf({ text: 'x'.repeat(1_000) })).toMatchObject({ names: [] });
    const [run] = (await api.list({ search: 'plain' })).runs;
    await (await api.find(String(run?.id))).archive();
    expect(await namesOf({ text: 'needle' })).toMatchObject({ names: ['other'] });
    expect(await namesOf({ text: 'needle', isArchived: true })).toMatchObject({ names: ['plain'] });
    for (const query of [
      { text: ' ' },
      { text: 'x'.repeat(1_001) },
      { text: 'x', cursor: 'no' },
      { text: 'x', limit: 0 },
    ])
      await expect(api.search(query)).rejects.toMatchObject({ code: 'invalid-input' });
  },

  async 'tells what changes in the list of runs'({ api, optio }) {
    await optio.define(patient('waits'));
    await optio.define(taskOf(asking(request), { id: 'asks' }));
    const before = await api.launch('waits', { name: 'before' });
    let list = EMPTY_RUN_LIST;
    const controller = new AbortController();
    const reading = (async () => {
      for await (const update of api.watch({}, { signal: controller.signal })) list = applyRunUpdate(list, update);
    })();
    await until(() => list.runs.has(before.id), 'the snapshot');
    const asks = await api.launch('asks', { name: 'asks' });
    await until(() => list.requests.size === 1, 'its request');
    expect([...list.requests.values()]).toMatchObject([{ runId: asks.id, request }]);
    await asks.answer(request.id, allow);
    await before.cancel('enough');
    await until(() => [...list.runs.values()].every(({ endedAt }) => endedAt !== null), 'the end of both');
    expect([...list.runs.values()].map(({ name, state }) => [name, state]).sort()).toEqual([
      ['asks', 'done'],
      ['before', 'cancelled'],
    ]);
    expect(list.requests.size).toBe(0);
    await asks.remove();
    await until(() => !list.runs.has(asks.id), 'that it is gone');
    controller.abort();
    await reading;
  },

  async 'tells what changes in the list, and the whole journal of the run that is followed'({ api, optio }) {
    await optio.define(taskOf(asking(request), { id: 'asks' }));
    const { id } = await api.launch('asks', { name: 'followed' });
    const controller = new AbortController();
    let list = EMPTY_RUN_LIST;
    const events: RunEvent[] = [];
    const first: string[] = [];
    const reading = (async () => {
      const options = { signal: controller.signal, follow: { run: 'followed' } };
      for await (const update of api.watch({}, options)) {
        if (first.length === 0) first.push(update.type);
        if (update.type === 'events') events.push(...update.events);
        list = applyRunUpdate(list, update);
      }
    })();
    await until(() => list.requests.size === 1, 'its request');
    await (await api.find(id)).answer(request.id, allow);
    await until(() => events.at(-1)?.type === 'run.ended' && list.runs.get(id)?.state === 'done', 'its end');
    const other = await api.launch('asks');
    await until(() => list.runs.has(other.id), 'what comes after the end of the run');
    controller.abort();
    await reading;
    const handle = await api.find(id);
    expect(first).toEqual(['snapshot']);
    expect(events).toEqual(await readAll(handle.events()));
    const rest: RunEvent[] = [];
    for await (const update of api.watch({}, { follow: { run: id, after: 2 } })) {
      if (update.type === 'events') rest.push(...update.events);
      if (rest.at(-1)?.type === 'run.ended') break;
    }
    expect(rest).toEqual(events.slice(2));
    await other.cancel();
  },

  async 'puts a run out of sight, and brings it back'({ api, optio }) {
    await optio.define(quick('nightly'));
    await optio.define(patient('waits'));
    const run = await api.launch('nightly', { name: 'old' });
    await run.outcome;
    const other = await api.launch('waits', { name: 'goes on' });
    let list = EMPTY_RUN_LIST;
    const controller = new AbortController();
    const reading = (async () => {
      for await (const update of api.watch({}, { signal: controller.signal })) list = applyRunUpdate(list, update);
    })();
    await until(() => list.runs.size === 2, 'the snapshot');
    const namesOf = async (query: RunQuery) => (await api.list(query)).runs.map(({ name }) => name);
    await run.archive();
    await until(() => !list.runs.has(run.id), 'that it is out of sight');
    await run.archive();
    expect(await namesOf({})).toEqual(['goes on']);
    expect(await namesOf({ isArchived: true })).toEqual(['old']);
    expect(await namesOf({ rootId: run.id })).toEqual(['old']);
    expect(await (await api.find('old')).details()).toMatchObject({ archivedAt: expect.stringMatching(/^20.*Z$/) });
    await expect(other.archive()).rejects.toMatchObject({ code: 'run-busy' });
    await run.unarchive();
    await until(() => list.runs.get(run.id)?.archivedAt === null, 'that it is back');
    await run.unarchive();
    expect(await namesOf({ isArchived: false })).toEqual(['goes on', 'old']);
    await other.cancel();
    await other.outcome;
    await run.archive();
    await run.remove();
    for (const again of [run.archive(), run.unarchive()]) {
      await expect(again).rejects.toMatchObject({ code: 'not-found' });
    }
    controller.abort();
    await reading;
  },

  async 'counts what has been going on'({ api, optio }) {
    await optio.define(quick('nightly'));
    await (await api.launch('nightly')).outcome;
    const { runs, launched } = await api.stats();
    expect(runs).toMatchObject({ done: 1, running: 0 });
    expect(launched).toBe(1);
  },

  async 'gives a run as a document'({ api, optio }) {
    await optio.define(quick('nightly'));
    const run = await api.launch('nightly', { name: 'Über Nacht' });
    await run.outcome;
    expect((await readAll(run.export('md'))).join('')).toContain('Über Nacht');
    const whole = JSON.parse((await readAll(run.export('json'))).join(''));
    expect(JSON.stringify(whole)).toContain(run.id);
  },

  async 'gives and takes the files of a workspace'({ api, optio }) {
    const path = testDirectory('workspace');
    mkdirSync(`${path}/src`);
    writeFileSync(`${path}/src/a b.bin`, Uint8Array.of(0, 255, 10));
    const works = taskOf(
      async (context) => {
        context.emit({ ...SESSION_STARTED, workspace: { path, kind: 'directory' } });
        await told(context.signal);
        return { status: 'cancelled', text: '', durationMs: 0, turns: 0, usage: SESSION_USAGE };
      },
      { id: 'works' },
    );
    await optio.define(works);
    const run = await api.launch('works');
    await until(async () => (await run.view()).session !== null, 'its session');
    expect(await run.listFiles('src')).toMatchObject({ path: 'src', entries: [{ name: 'a b.bin', size: 3 }] });
    expect([...(await run.readFile('src/a b.bin'))]).toEqual([0, 255, 10]);
    await run.writeFile('new.txt', new TextEncoder().encode('Ü'));
    expect(new TextDecoder().decode(await run.readFile('new.txt'))).toBe('Ü');
    const opened = await run.openFile('src/a b.bin');
    const pieces: Uint8Array[] = [];
    for await (const piece of opened.pieces) pieces.push(piece);
    await opened.close();
    expect([opened.size, [...Buffer.concat(pieces)]]).toEqual([3, [0, 255, 10]]);
    const zip: Uint8Array[] = [];
    for await (const piece of run.downloadFiles('src')) zip.push(piece);
    expect(readZip(Buffer.concat(zip))['a b.bin']?.content).toEqual(Buffer.from([0, 255, 10]));
    const never = async (path: string) => {
      for await (const piece of run.downloadFiles(path)) throw new Error(`${piece.length} bytes came`);
    };
    await expect(never('nowhere')).rejects.toMatchObject({ code: 'not-found' });
    await expect(never('../outside')).rejects.toMatchObject({ code: 'path-refused' });
    await expect(run.openFile('nowhere')).rejects.toMatchObject({ code: 'not-found' });
    await expect(run.openFile('../outside')).rejects.toMatchObject({ code: 'path-refused' });
    await expect(run.readFile('nowhere')).rejects.toMatchObject({ code: 'not-found' });
    await expect(run.readFile('../outside')).rejects.toMatchObject({ code: 'path-refused' });
    await run.cancel();
    await run.outcome;
  },
};

const SESSION_USAGE = { total: 0, input: 0, cached: 0, output: 0, reasoning: 0 };
