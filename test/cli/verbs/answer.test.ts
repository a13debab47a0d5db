import { describe, expect, it } from 'vitest';
import type { Question, Request } from '../../../src/contract/request.ts';
import { beginCommandLine, runCommandLine } from '../../support/command-line.ts';
import { until } from '../../support/processes.ts';
import { COMMAND_REQUEST } from '../../support/run-events.ts';
import { detailsOf, LAUNCHED_AT, RUN_ID } from '../../support/run-summary.ts';
import { scriptApi } from '../../support/scripted-api.ts';

const { sandboxed: _, ...common } = COMMAND_REQUEST;
const COLOUR: Question = {
  id: 'colour',
  header: 'Colour',
  question: 'Which colour?',
  options: [
    { label: 'red', description: '' },
    { label: 'blue', description: '' },
  ],
  allowsOther: false,
  isSecret: false,
};
const NAME: Question = { ...COLOUR, id: 'name', question: 'Who are you?', options: [], allowsOther: true };
const SECRET: Question = { ...NAME, id: 'secret', question: 'Which password?', isSecret: true };
const ask = (...questions: Question[]): Request => ({ ...common, kind: 'question', questions });
const FORM: Request = {
  ...common,
  kind: 'elicitation',
  server: 'docs',
  message: 'Who are you?',
  schema: {
    properties: { name: { type: 'string' }, age: { type: 'integer' }, size: { enum: ['small', 'large'] } },
    required: ['name'],
  },
};

function begin(request: Request) {
  const answers: unknown[] = [];
  const { api } = scriptApi({
    runs: [detailsOf()],
    requests: [{ runId: RUN_ID, openedAt: LAUNCHED_AT, request }],
    handle: { answer: async (_id, answer) => void answers.push(answer) },
  });
  return { api, answers };
}

describe('answer', () => {
  it.each<[string, Request, string[], string | undefined, object]>([
    ['the number of a choice', ask(COLOUR), ['2'], undefined, { colour: ['blue'] }],
    ['the words of a choice', ask(COLOUR), ['blue'], undefined, { colour: ['blue'] }],
    ['words of one’s own', ask(NAME), ['Ada Lovelace'], undefined, { name: ['Ada Lovelace'] }],
    ['one for each question', ask(COLOUR, NAME), ['1', 'Ada'], undefined, { colour: ['red'], name: ['Ada'] }],
    ['a line for each on standard input', ask(COLOUR, NAME), ['-'], '1\nAda\n', { colour: ['red'], name: ['Ada'] }],
    ['several lines for the only one', ask(NAME), ['-'], 'Ada\nLovelace\n', { name: ['Ada\nLovelace'] }],
    ['a secret on standard input', ask(SECRET), ['-'], ' hunter2\n', { secret: [' hunter2'] }],
  ])('takes %s', async (_what, request, texts, input, expected) => {
    const { api, answers } = begin(request);
    const { code, stdout } = await runCommandLine(
      api,
      ['answer', 'r1', ...texts],
      input === undefined ? {} : { input },
    );
    expect({ code, answers }).toEqual({ code: 0, answers: [{ kind: 'answers', answers: expected }] });
    expect(stdout).toMatch(/^Answered: Wh/);
    expect(stdout).not.toContain('hunter2');
  });

  it.each<[string, string[], object]>([
    [
      'field by field',
      ['--field', 'name=Ada', '--field', 'age=36', '--field', 'size=2'],
      { name: 'Ada', age: 36, size: 'large' },
    ],
    ['as JSON', ['--content', '{"name":"Ada"}'], { name: 'Ada' }],
    ['as JSON on standard input', ['--content', '-'], { name: 'Piped' }],
  ])('fills in a form %s', async (_what, flags, content) => {
    const { api, answers } = begin(FORM);
    const { code } = await runCommandLine(api, ['answer', 'r1', ...flags], { input: '{"name":"Piped"}' });
    expect({ code, answers }).toEqual({ code: 0, answers: [{ kind: 'form', action: 'accept', content }] });
  });

  it.each<[string, Request, string[], RegExp]>([
    ['a secret on the command line', ask(SECRET), ['hunter2'], /is seen by everybody.*\n.*on standard input/],
    ['a secret beside what is none', ask(NAME, SECRET), ['Ada', 'hunter2'], /is seen by everybody/],
    ['what is no choice', ask(COLOUR), ['green'], /none of the answers.*\n.*\n {4}1 red\n {4}2 blue\n/],
    ['too few answers', ask(COLOUR, NAME), ['1'], /2 questions and 1 answers/],
    ['a decision', COMMAND_REQUEST, ['yes'], /optio-codex approve r1\n {4}optio-codex deny r1\n/],
    ['a text for a form', FORM, ['Ada'], /answer r1 --field NAME=VALUE/],
    ['a field for a question', ask(NAME), ['--field', 'name=Ada'], /answer r1 TEXT/],
    ['a field that there is not', FORM, ['--field', 'nam=Ada'], /there is no field nam\n.*\n {4}name=…/],
    ['a value that is none', FORM, ['--field', 'name=Ada', '--field', 'age=old'], /"old" is nothing for age/],
    ['a form without what is required', FORM, ['--field', 'age=3'], /name is missing/],
    ['what is no JSON', FORM, ['--content', '{name'], /--content is not valid JSON/],
    ['two ways at once', FORM, ['Ada', '--field', 'name=Ada'], /more than one way/],
  ])('refuses %s', async (_what, request, argv, message) => {
    const { api, answers } = begin(request);
    const { code, stderr } = await runCommandLine(api, ['answer', 'r1', ...argv]);
    expect({ code, answers }).toEqual({ code: 2, answers: [] });
    expect(stderr).toMatch(message);
  });

  it('asks a person at the terminal where nothing is given, and shows no secret', async () => {
    const { api, answers } = begin(ask(COLOUR, SECRET));
    const running = beginCommandLine(api, ['answer', 'r1'], { columns: 80 });
    await until(() => running.text().includes('a number > '));
    running.type('2\r');
    await until(() => running.text().includes('seen by Codex) > '));
    running.type('hunter2\r');
    expect(await running.ended).toBe(0);
    expect(answers).toEqual([{ kind: 'answers', answers: { colour: ['blue'], secret: ['hunter2'] } }]);
    expect(running.text()).toContain('? Codex asks some questions');
    expect(running.text()).not.toContain('hunter2');
    expect(running.text()).toMatch(/Answered: Which colour\? \/ Which password\?\n$/);
  });

  it('asks for the fields of a form', async () => {
    const { api, answers } = begin(FORM);
    const running = beginCommandLine(api, ['answer', 'r1'], { columns: 80 });
    for (const [label, keys] of [
      ['name\n  (empty: decline) > ', 'Ada\r'],
      ['age\n  (empty: leave it out) > ', '36\r'],
      ['2 large\n  (empty: leave it out) > ', '\r'],
    ] as const) {
      await until(() => running.text().includes(label), label);
      running.type(keys);
    }
    expect(await running.ended).toBe(0);
    expect(answers).toEqual([{ kind: 'form', action: 'accept', content: { name: 'Ada', age: 36 } }]);
  });

  it.each(['\u0003', '\u0004'])('answers nothing when %j is pressed', async (key) => {
    const { api, answers } = begin(ask(NAME));
    const running = beginCommandLine(api, ['answer', 'r1'], { columns: 80 });
    await until(() => running.text().includes('your answer > '));
    running.type(key);
    expect(await running.ended).toBe(1);
    expect(answers).toEqual([]);
  });

  it('asks nobody where there is no terminal', async () => {
    const { api, answers } = begin(ask(NAME));
    const { code, stderr } = await runCommandLine(api, ['answer', 'r1'], { input: 'Ada\n' });
    expect({ code, answers }).toEqual({ code: 2, answers: [] });
    expect(stderr).toContain('no terminal to ask at');
  });
});
