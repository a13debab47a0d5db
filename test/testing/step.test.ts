import { describe, expect, it } from 'vitest';
import {
  addFile,
  ask,
  callTool,
  cut,
  endTurn,
  escalate,
  event,
  fail,
  hang,
  httpError,
  incomplete,
  line,
  patch,
  pause,
  plan,
  type Step,
  say,
  shell,
  splitIntoResponses,
  think,
  together,
  usage,
  viewImage,
} from '../../src/testing/step.ts';

describe('splitIntoResponses', () => {
  it.each<[string, Step]>([
    ['a command', shell('ls')],
    ['a patch', patch('')],
    ['a tool call', callTool('x', {})],
    ['several calls at once', together(shell('a'), shell('b'))],
    ['the end of the turn', endTurn()],
    ['silence', hang()],
    ['a torn connection', cut()],
    ['a refusal', httpError(500)],
    ['a failure', fail('server_error')],
    ['an incomplete answer', incomplete('max_output_tokens')],
  ])('ends a response with %s', (_what, ending) => {
    const before = [say('first'), ending];
    expect(splitIntoResponses([...before, say('second')])).toEqual([before, [say('second')]]);
  });

  it('leaves together what the model says and does not wait for', () => {
    const steps = [think('hm'), say('a'), pause(1), usage({}), event('x'), line(': x'), say('b')];
    expect(splitIntoResponses(steps)).toEqual([steps]);
  });

  it('makes no response of no step', () => {
    expect(splitIntoResponses([])).toEqual([]);
    expect(splitIntoResponses([shell('ls')])).toEqual([[shell('ls')]]);
  });
});

describe('steps', () => {
  it('adds a file by a patch, line by line', () => {
    const expected = '*** Begin Patch\n*** Add File: a.txt\n+one\n+two\n*** End Patch';
    expect(addFile('a.txt', 'one\ntwo\n')).toEqual(patch(expected));
    expect(addFile('a.txt', 'one\ntwo')).toEqual(patch(expected));
  });

  it('asks to leave the sandbox only with a justification', () => {
    expect(shell('ls')).not.toHaveProperty('escalate');
    expect(escalate('ls')).toHaveProperty('escalate', expect.stringMatching(/./));
  });

  it('publishes a plan, asks people, and looks at a picture, by the tools for that', () => {
    const steps = [{ step: 'Look', status: 'pending' }];
    expect(plan(['Look', 'pending'])).toEqual(callTool('update_plan', { plan: steps }));
    const question = { id: 'a', header: 'A', question: 'Which?', options: [{ label: 'One', description: 'Just one' }] };
    expect(ask(question)).toEqual(callTool('request_user_input', { questions: [question] }));
    expect(viewImage('/a.png')).toEqual(callTool('view_image', { path: '/a.png' }));
  });

  it('counts tokens that were not named as none', () => {
    const tokens = { input: 5, cached: 0, output: 0, reasoning: 0 };
    expect(usage({ input: 5 })).toEqual({ kind: 'usage', usage: tokens });
  });

  it('cannot be turned into another event by its fields', () => {
    expect(event('response.created', { type: 'other', a: 1 })).toMatchObject({
      event: { type: 'response.created', a: 1 },
    });
  });
});
