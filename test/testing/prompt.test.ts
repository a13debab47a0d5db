import { describe, expect, it } from 'vitest';
import { readPromptScript } from '../../src/testing/prompt.ts';
import {
  addFile,
  callTool,
  cut,
  escalate,
  fail,
  hang,
  httpError,
  patch,
  pause,
  plan,
  type Step,
  say,
  shell,
  think,
  usage,
} from '../../src/testing/step.ts';

const question = (options: string[]) => ({
  questions: [
    {
      id: 'q1',
      header: 'Question',
      question: 'Which?',
      options: options.map((label) => ({ label, description: label })),
    },
  ],
});

describe('readPromptScript', () => {
  it.each<[string, Step]>([
    ['!say Hello there', say('Hello there')],
    ['!say', say('')],
    ['!think Hm', think('Hm')],
    ['!run ls -l | wc', shell('ls -l | wc')],
    ['!escalate touch /x -- because I must', escalate('touch /x', 'because I must')],
    ['!escalate touch /x', escalate('touch /x')],
    ['!write a.txt one  two', addFile('a.txt', 'one  two')],
    ['!plan x Look|* Mend|Check', plan(['Look', 'completed'], ['Mend', 'in_progress'], ['Check', 'pending'])],
    ['!ask Which? | a | b', callTool('request_user_input', question(['a', 'b']))],
    ['!ask Which?', callTool('request_user_input', question([]))],
    ['!tool docs__find {"q": "a b"}', callTool('docs__find', { q: 'a b' })],
    ['!tool docs__list', callTool('docs__list', {})],
    ['!repeat 3', say('xxx', { chunk: 65_536 })],
    ['!pause 5', pause(5)],
    ['!usage 7', usage({ input: 7, output: 7 })],
    ['!hang', hang()],
    ['!cut', cut()],
    ['!http 503 overloaded', httpError(503, { error: { message: '503 overloaded' } })],
    ['!fail context_length_exceeded too long', fail('context_length_exceeded', 'context_length_exceeded too long')],
  ])('reads %s', (prompt, step) => {
    expect(readPromptScript(prompt)).toEqual([step]);
  });

  it('reads a patch over several lines, and goes on after it', () => {
    const text = '*** Begin Patch\n*** Delete File: a\n*** End Patch';
    expect(readPromptScript(`!patch\n${text}\n!say done`)).toEqual([patch(text), say('done')]);
  });

  it('reads every step among the prose, in order', () => {
    expect(readPromptScript('Please do this:\n  !run ls\nand then\n!say Done\nThank you!')).toEqual([
      shell('ls'),
      say('Done'),
    ]);
  });

  it('reads a prompt back that holds no step', () => {
    expect(readPromptScript('Hello!\nWhat now?')).toEqual([say('The scripted model read: Hello!\nWhat now?')]);
  });

  it('refuses a step that it does not know', () => {
    const [step] = readPromptScript('!dance');
    expect(step).toMatchObject({ kind: 'httpError', status: 400 });
    expect(JSON.stringify(step)).toContain('!dance');
  });

  it('refuses a patch without an end, whatever else there is', () => {
    const steps = readPromptScript('!say hi\n!patch\n*** Begin Patch');
    expect(steps).toMatchObject([{ kind: 'httpError', status: 400 }]);
  });
});
