import { describe, expect, it } from 'vitest';
import { contentOf } from '../../../web/src/requests/form-content.ts';
import { type FieldValue, fieldsOf } from '../../../web/src/requests/form-fields.ts';

const object = (properties: object, required: string[] = []) => ({ type: 'object', properties, required });

/** What comes of a form with this one field, filled in so. */
function fill(schema: object, value: FieldValue | undefined, isRequired = false) {
  const fields = fieldsOf(object({ it: schema }, isRequired ? ['it'] : []));
  const { content, problems } = contentOf(fields, value === undefined ? {} : { it: value });
  return problems.it ?? content;
}

describe('the form of a JSON schema', () => {
  it('has a field for each property, with its title, its description and whether it is required', () => {
    const [name, age] = fieldsOf(
      object({ name: { type: 'string', title: 'Your name', description: 'As you sign' }, age: { type: 'integer' } }, [
        'name',
      ]),
    );
    expect(name).toMatchObject({ label: 'Your name', description: 'As you sign', isRequired: true });
    expect(age).toMatchObject({ label: 'age', description: null, isRequired: false });
  });

  it.each([undefined, null, 'text', {}, { properties: 7 }])('has no field where there is no schema: %j', (schema) => {
    expect(fieldsOf(schema)).toEqual([]);
  });

  it.each<[object, FieldValue, unknown]>([
    [{ type: 'string' }, 'Ada', 'Ada'],
    [{ type: 'number' }, '1.5', 1.5],
    [{ type: 'integer' }, '-3', -3],
    [{ type: 'boolean' }, true, true],
    [{ type: 'boolean' }, false, false],
    [{ type: 'string', enum: ['a', 'b'] }, [1], 'b'],
    [{ oneOf: [{ const: 1, title: 'One' }] }, [0], 1],
    [{ type: 'array', items: { enum: ['a', 'b', 'c'] } }, [0, 2], ['a', 'c']],
    [{ type: 'object' }, '{"a":1}', { a: 1 }],
    [{ type: 'string', format: 'email' }, 'ada@example.org', 'ada@example.org'],
    [{ type: 'string', format: 'date-time' }, '2026-01-02T03:04Z', '2026-01-02T03:04:00.000Z'],
    [{ type: 'string', pattern: '(' }, 'whatever', 'whatever'],
  ])('makes of %j and %j what it asks for', (schema, value, wanted) => {
    expect(fill(schema, value)).toEqual({ it: wanted });
  });

  it.each<[object, FieldValue, RegExp]>([
    [{ type: 'number' }, 'many', /number/],
    [{ type: 'integer' }, '1.5', /whole/],
    [{ type: 'integer', minimum: 2 }, '1', /2 at least/],
    [{ type: 'number', maximum: 2 }, '3', /2 at most/],
    [{ type: 'string', minLength: 3 }, 'ab', /3 characters at least/],
    [{ type: 'string', maxLength: 3 }, 'abcd', /3 characters at most/],
    [{ type: 'string', pattern: '^a+$' }, 'b', /\^a\+\$/],
    [{ type: 'string', format: 'email' }, 'ada', /e-mail/],
    [{ type: 'string', format: 'uri' }, 'nowhere', /address/],
    [{ type: 'object' }, '{', /JSON/],
  ])('takes for %j not %j', (schema, value, problem) => {
    expect(fill(schema, value)).toMatch(problem);
  });

  it('leaves out what is empty, unless it is required', () => {
    for (const schema of [{ type: 'string' }, { type: 'number' }, { enum: ['a'] }]) {
      expect(fill(schema, undefined)).toEqual({});
      expect(fill(schema, undefined, true)).toMatch(/It has to be filled in|Choose one/);
    }
  });

  it('begins with the defaults, and lets them be', () => {
    const schema = object({
      a: { type: 'string', default: 'x' },
      b: { type: 'integer', default: 3 },
      c: { type: 'boolean', default: true },
      d: { enum: ['p', 'q'], enumNames: ['P', 'Q'], default: 'q' },
    });
    expect(contentOf(fieldsOf(schema), {}).content).toEqual({ a: 'x', b: 3, c: true, d: 'q' });
  });

  it('takes a property that is called like something every object has', () => {
    const fields = fieldsOf(
      JSON.parse('{"properties":{"__proto__":{"type":"string"},"constructor":{"type":"string"}}}'),
    );
    expect(fields.map(({ name }) => name)).toEqual(['__proto__', 'constructor']);
    expect(contentOf(fields, {}).content).toEqual({});
    const { content } = contentOf(fields, Object.fromEntries([['__proto__', 'x']]));
    expect(Object.keys(content)).toEqual(['__proto__']);
  });
});
