import { describe, expect, it } from 'vitest';
import type { RunEventBody } from '../../src/contract/event.ts';
import type { Item } from '../../src/contract/item.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import type { Store } from '../../src/store/store.ts';
import { testDirectory } from '../support/directories.ts';
import { failureOf } from '../support/failure.ts';
import { completed, findAll, marked, said, turnId, write } from '../support/searched-store.ts';
import { notice } from '../support/stored-run.ts';

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
      const { found } = await findAll(store, text);
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
    expect(await findAll(store, 'needle')).toMatchObject({ found: [{ texts: { length: 3 }, more: 7 }], next: null });
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
    expect(await findAll(store, 'only once')).toMatchObject({
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
    expect(await findAll(store, 'sow')).toMatchObject({
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
    await findAll(store, 'needle'); // what is written at once may be read in any order of the runs
    await write(store, 'a', [said('y', 'needle again')]);
    const pages: string[][] = [];
    for (let cursor: string | undefined; ; ) {
      const { found, next } = await findAll(store, 'needle', { limit: 3, cursor });
      pages.push(found.map(({ entry }) => entry.id));
      if (next === null) break;
      cursor = next;
    }
    expect(pages).toEqual([['a', 'd', 'c'], ['b']]);
    expect(await failureOf(findAll(store, 'needle', { cursor: 'nonsense' }))).toMatchObject({ code: 'invalid-input' });
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
    expect((await findAll(store, 'needle')).found).toMatchObject([{ more: 100 }]);
  });
});
