import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import type { RunEventBody } from '../../src/contract/event.ts';
import type { Item } from '../../src/contract/item.ts';
import { MIGRATIONS } from '../../src/store/migrations.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import type { Store, TextQuery } from '../../src/store/store.ts';
import { testDirectory } from '../support/directories.ts';
import { failureOf } from '../support/failure.ts';
import { notice, numbered } from '../support/stored-run.ts';

const turnId = 'turn-1';
const completed = (item: Item): RunEventBody => ({ type: 'item.completed', turnId, item });
const said = (id: string, text: string) => completed({ kind: 'agentMessage', id, text });
const delta = (itemId: string, text: string): RunEventBody => ({
  type: 'item.delta',
  turnId,
  itemId,
  part: 'text',
  delta: text,
});

async function write(store: Store, runId: string, bodies: readonly RunEventBody[]): Promise<void> {
  const run = (await store.runs.find(runId)) ?? (await store.runs.add({ id: runId, taskId: 'nightly' }));
  await store.journal.append({ runId, claim: run.claim, events: numbered(bodies, run.lastSeq) });
}

/** What is found once all journals have been read, however long that takes. */
async function find(store: Store, text: string, more: Partial<TextQuery> = {}) {
  for (;;) {
    const page = await store.search.find({ text, filter: {}, limit: 20, ...more });
    if (!page.isBehind) return page;
  }
}

/** The runs in which a text was found, with its snippets, in which what was found is in brackets. */
async function marked(store: Store, text: string, more: Partial<TextQuery> = {}): Promise<Record<string, string[]>> {
  const { found } = await find(store, text, more);
  return Object.fromEntries(
    found.map(({ entry, texts }) => [
      entry.id,
      texts.map(({ snippet, from, to }) => `${snippet.slice(0, from)}[${snippet.slice(from, to)}]${snippet.slice(to)}`),
    ]),
  );
}

async function opened(): Promise<Store & AsyncDisposable> {
  return openSqliteStore(testDirectory('search'));
}

describe('what can be found', () => {
  it('is what people, the agent and its tools said and did, each with its place in the journal', async () => {
    await using store = await opened();
    const approval = { turnId, threadId: 't', itemId: 'c', sandboxed: 'yes' } as const;
    await write(store, 'a', [
      { type: 'message.sent', messageId: 'm', text: 'needle in a prompt', images: [], steer: false },
      completed({ kind: 'reasoning', id: 'r', summary: ['a needle thought of'], content: [] }),
      completed({
        kind: 'command',
        id: 'c',
        command: 'grep needle',
        cwd: '/',
        status: 'completed',
        output: 'needle.txt',
      }),
      completed({
        kind: 'fileChange',
        id: 'f',
        status: 'completed',
        changes: [{ path: '/w/needle.ts', kind: 'add', diff: 'what is in it' }],
      }),
      completed({ kind: 'toolCall', id: 't', tool: 'sew', arguments: { with: 'a needle' }, status: 'completed' }),
      { type: 'request.opened', request: { kind: 'command', id: 'q', ...approval, command: 'rm needle', cwd: '/' } },
      { type: 'plan.updated', turnId, steps: [{ step: 'find the needle', status: 'pending' }] },
      notice('the needle is lost'),
      { type: 'turn.ended', turnId, status: 'failed', error: 'no needle' },
    ]);
    const kinds: unknown[] = [];
    for (const text of [
      'prompt',
      'thought',
      'grep',
      'dle.txt',
      'dle.ts',
      'sew',
      'rm nee',
      'find the',
      'is lost',
      'no nee',
    ]) {
      const { found } = await find(store, text);
      const [only] = found[0]?.texts ?? [];
      kinds.push([only?.kind, only?.seq, only?.itemId ?? only?.requestId ?? only?.messageId]);
      expect(found).toMatchObject([{ entry: { id: 'a' }, texts: [{ at: '2026-11-24T10:00:00.000Z' }], more: 0 }]);
    }
    expect(kinds).toEqual([
      ['message', 1, 'm'],
      ['reasoning', 2, 'r'],
      ['command', 3, 'c'],
      ['output', 3, 'c'],
      ['files', 4, 'f'],
      ['tool', 5, 't'],
      ['request', 6, 'q'],
      ['plan', 7, null],
      ['notice', 8, null],
      ['error', 9, null],
    ]);
    expect(await marked(store, 'what is in it')).toEqual({});
    expect(await find(store, 'needle')).toMatchObject({ found: [{ texts: { length: 3 }, more: 7 }], next: null });
  });

  it('is told once: of an item what it came to, of a message where Codex took it up', async () => {
    await using store = await opened();
    const user: Item = { kind: 'userMessage', id: 'u', text: 'only once', images: [], messageId: 'm' };
    await write(store, 'a', [
      { type: 'message.sent', messageId: 'm', text: 'only once', images: [], steer: false },
      { type: 'item.started', turnId, item: user },
      completed(user),
      said('x', 'at first'),
      said('x', 'in the end'),
    ]);
    expect(await find(store, 'only once')).toMatchObject({
      found: [{ texts: [{ itemId: 'u', messageId: 'm' }], more: 0 }],
    });
    expect(await marked(store, 'at first')).toEqual({});
    expect(await marked(store, 'in the end')).toEqual({ a: ['[in the end]'] });
  });

  it('of a plan stands where it was told first', async () => {
    await using store = await opened();
    const plan = (step: string): RunEventBody => ({
      type: 'plan.updated',
      turnId,
      steps: [{ step, status: 'pending' }],
    });
    await write(store, 'a', [plan('sow'), notice('between'), plan('sow and reap')]);
    expect(await find(store, 'sow')).toMatchObject({
      found: [{ texts: [{ seq: 1, snippet: 'sow and reap' }], more: 0 }],
    });
  });

  it('is the beginning and the end of what is long', async () => {
    await using store = await opened();
    const output = `the beginning${' '.repeat(10_000)}the middle${' '.repeat(10_000)}the end`;
    await write(store, 'a', [
      completed({ kind: 'command', id: 'c', command: 'x', cwd: '/', status: 'completed', output }),
    ]);
    expect(await marked(store, 'the beginning')).toEqual({ a: ['[the beginning] …'] });
    expect(await marked(store, 'the end')).toEqual({ a: ['… [the end]'] });
    expect(await marked(store, 'the middle')).toEqual({});
  });
});

describe('a text that is looked for', () => {
  it.each([
    ['other letters', 'Ein Überfluß an ÄPFELN', 'überfluß an äp'],
    ['Greek, of which one letter has two forms', 'ΟΔΟΣ', 'οδος'],
    ['Turkish, of which one letter has a dot', 'İSTANBUL', 'istanbul'],
    ['Chinese', '我们测试这个程序', '测试这个'],
    ['Arabic', 'مرحبا بالعالم', 'بالعالم'],
    ['combined characters, as they stand', 'cafe\u0301 noir', 'e\u0301 noi'],
    ['emoji', 'all is well 👩‍👩‍👧‍👦🎉 now', '👧‍👦🎉'],
    ['one emoji', 'all is well 🎉 now', '🎉'],
    ['two letters', 'xyzzy', 'ZZ'],
    ['one letter', 'xyzzy', 'x'],
    [
      'what the index has words for',
      'a AND (b OR "c" NEAR d*) NOT ^e {f}: g - h + i',
      'AND (b OR "c" NEAR d*) NOT ^e {f}: g - h + i',
    ],
    ['a quote', 'he said """quoted"""', '""quo'],
    ['what patterns are made of', '100%_of\\it', '0%_of\\'],
    ['what ends a text elsewhere', 'before\0after\0', 'before\0after'],
    ['half a character', 'broken \uD83D here', 'ken \uD83D he'],
    ['lines', 'one\r\n\ttwo', 'one\r\n\ttwo'],
  ])('may be %s', async (_, text, wanted) => {
    await using store = await opened();
    await write(store, 'other', [said('x', 'of another kind')]);
    await write(store, 'a', [said('x', `Before it. ${text} After it.`)]);
    expect(Object.keys(await marked(store, wanted))).toEqual(['a']);
    for (const changed of [`${wanted}!`, wanted.replace(/.$/su, 'Ж')]) expect(await marked(store, changed)).toEqual({});
  });

  it('is found in order, not only by its parts', async () => {
    await using store = await opened();
    await write(store, 'a', [said('x', 'abcde bcdef')]);
    expect(await marked(store, 'abcdef')).toEqual({});
  });

  it('is shown in one line, with what stands around it', async () => {
    await using store = await opened();
    const long = `${'before '.repeat(50)}the\nneedle   ${'after '.repeat(50)}`;
    await write(store, 'a', [said('x', long)]);
    const [snippet = ''] = (await marked(store, 'the\nneedle')).a ?? [];
    expect(snippet).toMatch(/^…[befor ]{30,60}\[the needle\] [after ]{80,120}…$/);
    await write(store, 'b', [said('x', `${'🎉'.repeat(100)}needle${'🎉'.repeat(100)}`)]);
    const [cut = ''] = (await marked(store, 'needle')).b ?? [];
    expect(cut).toMatch(/^…🎉+\[needle\]🎉+…$/u);
  });
});

describe('the runs', () => {
  it('come by what was said last, in pages that tell each of them once', async () => {
    await using store = await opened();
    for (const id of ['a', 'b', 'c', 'd']) await write(store, id, [said('x', `needle of ${id}`)]);
    await find(store, 'needle'); // what is written at once may be read in any order of the runs
    await write(store, 'a', [said('y', 'needle again')]);
    const pages: string[][] = [];
    for (let cursor: string | undefined; ; ) {
      const { found, next } = await find(store, 'needle', { limit: 3, cursor });
      pages.push(found.map(({ entry }) => entry.id));
      if (next === null) break;
      cursor = next;
    }
    expect(pages).toEqual([['a', 'd', 'c'], ['b']]);
    expect(await failureOf(find(store, 'needle', { cursor: 'nonsense' }))).toMatchObject({ code: 'invalid-input' });
  });

  it('are those that match the filter', async () => {
    await using store = await opened();
    await write(store, 'a', [said('x', 'needle')]);
    await store.runs.add({ id: 'b', taskId: 'other', metadata: { team: 'red' } });
    await write(store, 'b', [said('x', 'needle')]);
    expect(Object.keys(await marked(store, 'needle', { filter: { metadata: { team: 'red' } } }))).toEqual(['b']);
    expect(Object.keys(await marked(store, 'needle', { filter: { taskId: 'nightly' } }))).toEqual(['a']);
    expect(await marked(store, 'needle', { filter: { states: ['failed'] } })).toEqual({});
  });

  it('with many texts are told with three of them, and how many more there are', async () => {
    await using store = await opened();
    await write(
      store,
      'a',
      Array.from({ length: 300 }, (_, at) => said(`x${at}`, `needle ${at}`)),
    );
    expect(await marked(store, 'needle')).toEqual({ a: ['[needle] 299', '[needle] 298', '[needle] 297'] });
    expect((await find(store, 'needle')).found).toMatchObject([{ more: 100 }]);
  });
});

describe('a run that is removed', () => {
  it('is not found any more, nor is anything of it left', async () => {
    const directory = testDirectory('search');
    {
      await using store = await openSqliteStore(directory);
      await write(
        store,
        'a',
        Array.from({ length: 250 }, (_, at) => said(`x${at}`, `needle ${at}`)),
      );
      await write(store, 'b', [said('x', 'needle')]);
      expect(Object.keys(await marked(store, 'needle')).sort()).toEqual(['a', 'b']);
      await store.runs.remove('a');
      expect(Object.keys(await marked(store, 'needle'))).toEqual(['b']);
    }
    using database = new DatabaseSync(join(directory, 'optio.db'), { readOnly: true });
    const count = (from: string) => database.prepare(`select count(*) as n from ${from}`).get();
    expect(count('search_texts')).toEqual({ n: 1 });
    expect(count('search_marks')).toEqual({ n: 1 });
    expect(count(`search_index where search_index match '"nee"'`)).toEqual({ n: 1 });
  });
});

describe('a journal', () => {
  it('of a version that could not be searched is found, also where it was compacted', async () => {
    const directory = testDirectory('search');
    const old = { migrations: MIGRATIONS.slice(0, 3) };
    {
      await using store = await openSqliteStore(directory, old);
      await write(store, 'a', [delta('x', 'need'), delta('x', 'le'), said('x', 'needle'), notice('after it')]);
      await store.journal.compact('a', [{ from: 1, to: 2 }]);
      await write(
        store,
        'b',
        Array.from({ length: 100 }, (_, at) => said(`x${at}`, `haystack ${at}`)),
      );
    }
    await using store = await openSqliteStore(directory);
    expect(await find(store, 'needle')).toMatchObject({
      found: [{ texts: [{ seq: 3, itemId: 'x' }], more: 0 }],
      isBehind: false,
    });
    expect((await find(store, 'haystack')).found).toMatchObject([{ texts: { length: 3 }, more: 97 }]);
  });

  it('is read on by the next process where this one has ended in the middle of it', async () => {
    const directory = testDirectory('search');
    {
      await using store = await openSqliteStore(directory);
      await write(store, 'a', [said('x', 'found before')]);
      await find(store, 'found');
      await write(
        store,
        'a',
        Array.from({ length: 100 }, (_, at) => said(`y${at}`, `found after ${at}`)),
      );
    }
    await using store = await openSqliteStore(directory);
    expect((await find(store, 'found')).found).toMatchObject([{ texts: { length: 3 }, more: 98 }]);
  });

  it('with something that nobody knows any more is found all the same', async () => {
    const directory = testDirectory('search');
    await (await openSqliteStore(directory)).close();
    {
      using database = new DatabaseSync(join(directory, 'optio.db'));
      const insert = database.prepare("insert into journal values ('a', ?, '2026-11-24', ?)");
      database.exec(
        `insert into runs (id, task_id, name, name_lower, state, host, priority, metadata, root_id, created_at, last_seq)
         values ('a', 't', 't', 't', 'done', 'local', 0, '{}', 'a', '2026-11-24', 4)`,
      );
      insert.run(1, 'no json');
      insert.run(2, '{"type":"item.completed","turnId":"t"}');
      insert.run(3, '{"type":"of another time","text":"needle"}');
      insert.run(4, JSON.stringify(notice('needle')));
    }
    await using store = await openSqliteStore(directory);
    expect(await marked(store, 'needle')).toEqual({ a: ['[needle]'] });
  });

  it('with more deltas than one step looks at is read to its end', async () => {
    await using store = await opened();
    const run = await store.runs.add({ id: 'a', taskId: 'nightly' });
    for (let first = 0; first < 20_000; first += 1_000) {
      const bodies = Array.from({ length: 1_000 }, () => delta('x', 'a'));
      await store.journal.append({ runId: 'a', claim: run.claim, events: numbered(bodies, first) });
    }
    await write(store, 'a', [said('x', 'needle')]);
    expect(Object.keys(await marked(store, 'needle'))).toEqual(['a']);
  });
});
