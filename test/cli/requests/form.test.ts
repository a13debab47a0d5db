import { describe, expect, it } from 'vitest';
import { fieldsOf } from '../../../src/cli/requests/form.ts';

function field(schema: object) {
  const [only] = fieldsOf({ properties: { it: schema } });
  if (!only) throw new Error('there is no field');
  return only;
}

describe('fieldsOf', () => {
  it.each([[undefined], [null], [{}], [{ type: 'object' }]])('finds none in %j', (schema) => {
    expect(fieldsOf(schema)).toEqual([]);
  });

  it('keeps the order, and says which are required', () => {
    const fields = fieldsOf({ properties: { b: {}, a: {} }, required: ['a'] });
    expect(fields.map(({ name, isRequired }) => [name, isRequired])).toEqual([
      ['b', false],
      ['a', true],
    ]);
  });

  it.each([
    [{ title: 'Size', description: 'How large?' }, 'How large?'],
    [{ title: 'Size' }, 'Size'],
    [{}, 'it'],
  ])('calls %j by the best name it has', (schema, label) => {
    expect(field(schema).label).toBe(label);
  });

  it.each([
    ['an enum', { enum: ['small', 'large'] }, ['small', 'large']],
    ['titles', { oneOf: [{ const: 's', title: 'Small' }, { const: 'l' }] }, ['Small', 'l']],
    ['a list', { type: 'array', items: { anyOf: [{ const: 's', title: 'Small' }] } }, ['Small']],
  ])('shows the choices of %s', (_what, schema, choices) => {
    expect(field(schema).choices).toEqual(choices);
  });

  it.each([
    [{ type: 'string' }, 'Ada', 'Ada'],
    [{ type: 'number' }, '1.5', 1.5],
    [{ type: 'number' }, 'old', undefined],
    [{ type: 'integer' }, '36', 36],
    [{ type: 'integer' }, '1.5', undefined],
    [{ type: 'boolean' }, 'Yes', true],
    [{ type: 'boolean' }, '0', false],
    [{ type: 'boolean' }, 'maybe', undefined],
    [{ enum: ['small', 'large'] }, '2', 'large'],
    [{ enum: ['small', 'large'] }, 'small', 'small'],
    [{ enum: ['small', 'large'] }, '3', undefined],
    [{ enum: [8, 16] }, '2', 16],
    [{ oneOf: [{ const: 's', title: 'Small' }] }, 'Small', 's'],
    [{ type: 'array', items: { enum: ['a', 'b', 'c'] } }, '1, 3', ['a', 'c']],
    [{ type: 'array', items: { enum: ['a', 'b', 'c'] } }, '1, 4', undefined],
    [{ type: 'array', items: { type: 'string' } }, 'x, y', ['x', 'y']],
  ])('of %j reads %j as %j', (schema, typed, value) => {
    expect(field(schema).read(typed)).toEqual(value);
  });
});
