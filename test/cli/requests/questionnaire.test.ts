import { describe, expect, it } from 'vitest';
import type { Question, Request } from '../../../src/contract/request.ts';
import { COMMAND_REQUEST } from '../../support/run-events.ts';
import { CTRL_D, makePerson, type Person } from '../../support/terminal.ts';

const { sandboxed: _, ...common } = COMMAND_REQUEST;
const COLOUR: Question = {
  id: 'colour',
  header: 'Colour',
  question: 'Which colour?',
  options: [
    { label: 'red', description: 'like a rose' },
    { label: 'blue', description: 'blue' },
  ],
  allowsOther: true,
  isSecret: false,
};
const PASSWORD: Question = { ...COLOUR, id: 'password', question: 'Which password?', options: [], isSecret: true };

async function answer(request: Request, ...typed: readonly [expected: string, keys: string][]) {
  const person: Person = makePerson();
  const answered = person.answer(request);
  for (const [expected, keys] of typed) await person.type(expected, keys);
  return { answer: await answered, text: person.text() };
}

describe('Prompt.answer to questions', () => {
  const ask = (...questions: Question[]): Request => ({ ...common, kind: 'question', questions });

  it.each([
    ['a number', '2', 'blue'],
    ['own words', 'green', 'green'],
    ['a number beyond the list', '3', '3'],
    ['nothing', '', ''],
  ])('takes %s', async (_what, typed, expected) => {
    const given = await answer(ask(COLOUR), ['your own words > ', `${typed}\r`]);
    expect(given.answer).toEqual({ kind: 'answers', answers: { colour: [expected] } });
  });

  it('shows what there is to choose from', async () => {
    const { text } = await answer(ask(COLOUR), ['> ', '1\r']);
    expect(text).toContain(
      '? Codex asks a question\n    Colour\n    Which colour?\n    1 red – like a rose\n    2 blue\n',
    );
  });

  it('asks again until it is one of the choices, where nothing else is taken', async () => {
    const closed = { ...COLOUR, allowsOther: false };
    const given = await answer(ask(closed), ['a number > ', 'green\r'], ['a number > ', '2\r']);
    expect(given.answer).toEqual({ kind: 'answers', answers: { colour: ['blue'] } });
  });

  it('asks all of them, one after the other', async () => {
    const free = { ...COLOUR, id: 'name', question: 'Who are you?', options: [] };
    const given = await answer(ask(COLOUR, free), ['your own words > ', '1\r'], ['your answer > ', 'Ada\r']);
    expect(given.answer).toEqual({ kind: 'answers', answers: { colour: ['red'], name: ['Ada'] } });
  });

  it('does not show what is typed as a secret', async () => {
    const given = await answer(ask(PASSWORD), ['seen by Codex) > ', 'hunter2\r']);
    expect(given.answer).toEqual({ kind: 'answers', answers: { password: ['hunter2'] } });
    expect(given.text).not.toContain('hunter2');
    expect(given.text.endsWith('> \n')).toBe(true);
  });

  it('gives no answer when the terminal is closed at the second', async () => {
    const given = await answer(ask(COLOUR, PASSWORD), ['your own words > ', '1\r'], ['seen by Codex) > ', CTRL_D]);
    expect(given.answer).toBeUndefined();
  });
});

describe('Prompt.answer to an elicitation', () => {
  const ask = (more: object = {}): Request => {
    return { ...common, kind: 'elicitation', server: 'docs', message: 'Who are you?', ...more };
  };
  const properties = {
    name: { type: 'string', description: 'Your name' },
    age: { type: 'integer' },
    isAdmin: { type: 'boolean' },
  };

  it.each([
    ['y', { kind: 'form', action: 'accept', content: {} }],
    ['n', { kind: 'form', action: 'decline' }],
    ['', { kind: 'form', action: 'decline' }],
  ])('takes %j where there is nothing to fill in', async (typed, expected) => {
    const given = await answer(ask({ url: 'https://example.org' }), ['[y]es  [n]o > ', `${typed}\r`]);
    expect(given.answer).toEqual(expected);
    expect(given.text).toContain('? The MCP server docs asks\n    Who are you?\n    https://example.org\n');
  });

  it('takes each field as what it is', async () => {
    const given = await answer(
      ask({ schema: { properties } }),
      ['Your name\n  (empty: leave it out) > ', 'Ada\r'],
      ['age\n  (empty: leave it out) > ', '36\r'],
      ['isAdmin\n  (empty: leave it out) > ', 'yes\r'],
    );
    expect(given.answer).toEqual({ kind: 'form', action: 'accept', content: { name: 'Ada', age: 36, isAdmin: true } });
  });

  it('asks again for a number that is none', async () => {
    const schema = { properties: { age: { type: 'number' } } };
    const given = await answer(ask({ schema }), ['leave it out) > ', 'old\r'], ['leave it out) > ', '36\r']);
    expect(given.answer).toMatchObject({ content: { age: 36 } });
  });

  it('leaves out what was left empty', async () => {
    const given = await answer(
      ask({ schema: { properties: { name: { type: 'string' }, age: { type: 'integer' } } } }),
      ['name\n  (empty: leave it out) > ', 'Ada\r'],
      ['age\n  (empty: leave it out) > ', '\r'],
    );
    expect(given.answer).toEqual({ kind: 'form', action: 'accept', content: { name: 'Ada' } });
  });

  it('declines when what is required was left empty', async () => {
    const schema = { properties, required: ['age'] };
    const given = await answer(ask({ schema }), ['leave it out) > ', 'Ada\r'], ['age\n  (empty: decline) > ', '\r']);
    expect(given.answer).toEqual({ kind: 'form', action: 'decline' });
  });

  it('numbers the choices of a field', async () => {
    const schema = { properties: { size: { type: 'string', enum: ['small', 'large'] } } };
    const given = await answer(ask({ schema }), ['    1 small\n    2 large\n  (empty: leave it out) > ', '2\r']);
    expect(given.answer).toEqual({ kind: 'form', action: 'accept', content: { size: 'large' } });
  });
});
