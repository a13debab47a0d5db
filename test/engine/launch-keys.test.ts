import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LaunchOptions } from '../../src/contract/api.ts';
import { printOf } from '../../src/engine/launch-keys.ts';
import { openEngine } from '../support/engine.ts';
import { failureOf } from '../support/failure.ts';
import { patient, quick } from '../support/tasks.ts';

const idempotencyKey = 'monday’s run';
const wanted: LaunchOptions = { idempotencyKey, params: { a: 1, b: [{ c: 2, d: 3 }] }, metadata: { team: 'red' } };

describe('a launch with an idempotency key', () => {
  it('launches one run, however often it is asked for, also after the end of that', async () => {
    const { engine } = await openEngine();
    await engine.tasks.define(quick('task'));
    const first = await engine.launch('task', wanted);
    const again = { ...wanted, params: { b: [{ d: 3, c: 2 }], a: 1 }, whenFull: 'refuse' } as const;
    expect((await engine.launch('task', again)).id).toBe(first.id);
    await engine.runs.outcome(first.id);
    expect(await engine.launch('task', wanted)).toMatchObject({ id: first.id, state: 'done' });
    expect(await engine.runs.list()).toHaveLength(1);
  });

  it('launches one run also where two are asked for at the same instant', async () => {
    const { engine } = await openEngine();
    await engine.tasks.define(quick('task'));
    const both = await Promise.all([engine.launch('task', wanted), engine.launch('task', wanted)]);
    expect(both[1].id).toBe(both[0].id);
    expect(await engine.runs.list()).toHaveLength(1);
    await engine.runs.outcome(both[0].id);
  });

  it('gives the run that there is, whatever would refuse another one by now', async () => {
    const { engine } = await openEngine({ limits: { total: 1 } });
    const task = patient('task');
    await engine.tasks.define(task);
    const { id } = await engine.launch('task', wanted);
    await task.began;
    await engine.groups.block({}, { reason: 'not today' });
    expect((await engine.launch('task', { ...wanted, whenFull: 'refuse' })).id).toBe(id);
    await engine.tasks.pause('task');
    await engine.tasks.define(quick('task', 'as it is by now'));
    expect((await engine.launch('task', wanted)).id).toBe(id);
    await engine.controls.cancel(id, 'enough');
    await engine.runs.outcome(id);
    await engine.tasks.remove('task');
    expect((await engine.launch('task', wanted)).id).toBe(id);
  });

  it('is refused where the key has made something else, also at the same instant; nothing is launched', async () => {
    const { engine } = await openEngine();
    await engine.tasks.define(quick('task'));
    await engine.tasks.define(quick('another'));
    const [first, second] = await Promise.allSettled([
      engine.launch('task', wanted),
      engine.launch('task', { ...wanted, params: 'else' }),
    ]);
    expect(first.status).toBe('fulfilled');
    expect(second).toMatchObject({ reason: { code: 'key-reused', details: { field: 'idempotencyKey' } } });
    const others: LaunchOptions[] = [{ metadata: {} }, { budget: { turns: 2 } }, { name: 'Else' }, { priority: 1 }];
    for (const other of [...others, { notBefore: new Date(0) }]) {
      expect((await failureOf(engine.launch('task', { ...wanted, ...other }))).code, JSON.stringify(other)).toBe(
        'key-reused',
      );
    }
    expect((await failureOf(engine.launch('another', wanted))).code).toBe('key-reused');
    expect(await engine.runs.list()).toHaveLength(1);
  });

  it('leaves the key to others where it has come to nothing', async () => {
    const { engine } = await openEngine();
    await engine.tasks.define(quick('task'));
    const block = await engine.groups.block({}, { reason: 'not today' });
    const [first, second] = [failureOf(engine.launch('task', wanted)), failureOf(engine.launch('task', wanted))];
    const third = failureOf(engine.launch('task', { ...wanted, params: 'else' }));
    for (const refused of [first, second, third]) expect((await refused).code).toBe('launch-refused');
    await block.release();
    expect(await engine.launch('task', { ...wanted, params: 'else' })).toMatchObject({ params: 'else' });
  });

  it('is told from one of a task that need not be defined', async () => {
    const { engine } = await openEngine();
    const [a, b] = [
      { ...quick('own'), definition: 'a' },
      { ...quick('own'), definition: 'b' },
    ];
    const { id } = await engine.launchOwn(a, { idempotencyKey });
    expect((await engine.launchOwn(a, { idempotencyKey })).id).toBe(id);
    expect((await failureOf(engine.launchOwn(b, { idempotencyKey }))).code).toBe('key-reused');
    expect((await failureOf(engine.launch('own', { idempotencyKey }))).code).toBe('key-reused');
  });

  it.each([
    ['an empty one', ''],
    ['a long one', 'k'.repeat(201)],
    ['a line break', 'a\nb'],
    ['a NUL', '\0'],
    ['\x9f', '\x9f'],
  ])('takes no key that is none: %s', async (_, key) => {
    const { engine } = await openEngine();
    await engine.tasks.define(quick('task'));
    const refused = await failureOf(engine.launch('task', { idempotencyKey: key }));
    expect(refused).toMatchObject({ code: 'invalid-input', details: { field: 'idempotencyKey' } });
    expect(await engine.runs.list()).toEqual([]);
  });
});

describe('the print of what was asked for', () => {
  it('is the same for the same JSON, in whichever order its fields stand, and another for any other', () => {
    const shuffled = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(shuffled);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([key, each]) => [key, shuffled(each)]),
      );
    };
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        expect(printOf(shuffled(a))).toBe(printOf(a));
        const isSame = JSON.stringify(a) === JSON.stringify(b);
        if (!isSame && printOf(a) === printOf(b)) expect(a).toEqual(b);
      }),
    );
  });
});
