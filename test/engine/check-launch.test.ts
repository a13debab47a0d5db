import { describe, expect, it } from 'vitest';
import type { LaunchOptions } from '../../src/contract/api.ts';
import { openEngine } from '../support/engine.ts';
import { failureOf } from '../support/failure.ts';
import { quick } from '../support/tasks.ts';

describe('a launch with something in it that makes no sense', () => {
  it.each<[field: string, options: object]>([
    ['notBefore', { notBefore: new Date('nonsense') }],
    ['notBefore', { notBefore: 'tomorrow' }],
    ['priority', { priority: Number.NaN }],
    ['priority', { priority: 'high' }],
    ['budget.turns', { budget: { turns: 0 } }],
    ['budget', { budget: { minutes: 5 } }],
    ['priority', { priority: 0.5 }],
    ['priority', { priority: 2 ** 31 }],
    ['priority', { priority: -(2 ** 31) - 1 }],
    ['metadata.team', { metadata: { team: 7 } }],
    ['metadata.team', { metadata: { team: 'r\0d' } }],
    ['metadata', { metadata: { 'te\0am': 'red' } }],
    ['whenFull', { whenFull: 'maybe' }],
    ['name', { name: '' }],
    ['name', { name: 'a\0b' }],
    ['name', { name: 'n'.repeat(201) }],
  ])('is refused, and says that it is its %s; nothing is launched', async (field, options) => {
    const { engine } = await openEngine();
    await engine.tasks.define(quick('quick'));
    const refused = await failureOf(engine.launch('quick', options as LaunchOptions));
    expect(refused).toMatchObject({ code: 'invalid-input', details: { field } });
    expect(refused.message).toContain(field);
    expect(await engine.runs.list()).toEqual([]);
  });
});
