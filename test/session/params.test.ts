import { describe, expect, it } from 'vitest';
import { checkParams, unfilledIn, withParams } from '../../src/session/params.ts';

const filled = (instructions: string, params: unknown) => withParams({ instructions }, params).instructions;

describe('withParams', () => {
  it('fills in what the launch gave, a text as it is and anything else as JSON', () => {
    const params = { branch: 'main', since: 3, files: ['a', 'b'], 'dry-run': false };
    expect(filled('Look at {{branch}} ({{ since }} days, {{files}}, {{dry-run}})', params)).toBe(
      'Look at main (3 days, ["a","b"], false)',
    );
  });

  it('leaves what was not given, and what no launch can mean', () => {
    const text = 'Mend the template {{ user }}: it should say {{constructor}} and {{}}';
    for (const params of [null, 'user', {}, { other: 1 }, { user: undefined }]) expect(filled(text, params)).toBe(text);
  });

  it('fills in once: what a value says is no instruction to fill in more', () => {
    expect(filled('{{a}}', { a: '{{b}} $& $1', b: 'no' })).toBe('{{b}} $& $1');
  });
});

describe('unfilledIn', () => {
  it('names each place once for which nothing was given, where something was', () => {
    const text = 'Greet {{name}} of {{ town }} and {{name}}, {{age}}';
    expect(unfilledIn(text, { nmae: 'ada', age: 3 })).toEqual(['{{name}}', '{{ town }}']);
    for (const params of [null, 'ada', {}]) expect(unfilledIn(text, params)).toEqual([]);
  });
});

describe('checkParams', () => {
  const instructions = 'Greet {{name}} of {{ town }}';
  const check = (given: unknown, params?: unknown) => () => checkParams({ instructions, params }, given);
  const refused = (message: string, remedy: string) =>
    expect.objectContaining({ message, details: expect.objectContaining({ field: 'params', remedy }) });

  it('refuses what leaves a place without anything, where something was given', () => {
    expect(check({ name: 'ada', town: 'x' })).not.toThrow();
    expect(check(null)).not.toThrow();
    expect(check({})).not.toThrow();
    expect(check({ name: 'ada' })).toThrow('nothing was given for {{ town }}');
  });

  it('refuses what has neither a place nor a value of the task, and tells what there is', () => {
    const whole = { name: 'ada', town: 'x', since: 3 };
    expect(check(whole)).toThrow(refused('the task has no param "since"', 'It has: name, town.'));
    expect(check(whole, { since: 1 })).not.toThrow();
    expect(check({ ...whole, nmae: 1 }, { day: 1 })).toThrow(
      refused('the task has no param "since", "nmae"', 'It has: name, town, day.'),
    );
    expect(() => checkParams({ instructions: 'Do it' }, { foo: 'bar' })).toThrow(
      refused(
        'the task has no param "foo"',
        'It has none. Write {{foo}} into its instructions where the value belongs.',
      ),
    );
  });
});
