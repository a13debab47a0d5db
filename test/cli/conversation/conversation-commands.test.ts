import { describe, expect, it } from 'vitest';
import { completeCommand, readCommand } from '../../../src/cli/conversation/conversation-commands.ts';
import { OptioError } from '../../../src/errors.ts';
import { KEY, sitDown } from '../../support/conversation.ts';
import { until } from '../../support/processes.ts';

describe('the commands of a conversation', () => {
  it.each([
    ['/interrupt', 'interrupt'],
    ['/model other', 'model other'],
    ['/effort high', 'effort high'],
    ['/pause', 'pause'],
    ['/resume', 'resume'],
    ['/finish', 'finish'],
    ['/cancel', 'cancel cancelled in a conversation'],
  ])('%s', async (typed, call) => {
    const { begin, press, shows, calls } = sitDown();
    begin();
    await shows('working');
    press(typed, KEY.enter);
    await until(() => calls.length > 0, 'the call');
    expect(calls).toEqual([call]);
  });

  it.each([
    ['/help', '/queue TEXT'],
    ['/queue', 'Say what: /queue'],
    ['/model', 'The model is scripted. Another one: /model NAME'],
    ['/effort', 'The effort is that of the model.'],
    ['/model other', 'Model of the turns to come: other'],
    ['/approve', 'Nothing waits for an answer.'],
    ['/deny', 'Nothing waits for an answer.'],
    ['/hlep', 'There is no /hlep here: /help tells what there is.'],
  ])('%s says: %s', async (typed, said) => {
    const { begin, press, shows, terminal } = sitDown();
    begin();
    await shows('working');
    press(typed, KEY.enter);
    await shows(said);
    expect(terminal.cursorRow()).toBe('> |');
  });

  it('interrupts no turn where none runs, and says so', async () => {
    const { begin, press, shows, calls } = sitDown();
    begin(false);
    await shows('● waiting');
    press('/interrupt', KEY.enter);
    await shows('There is no turn to interrupt.');
    expect(calls).toEqual([]);
  });

  it('tell why they could not be obeyed, and what to do', async () => {
    const resume = () => Promise.reject(new OptioError('budget-reached', 'it is used up', { remedy: 'Raise it.' }));
    const { begin, press, shows } = sitDown({ handle: { resume } });
    begin();
    await shows('working');
    press('/resume', KEY.enter);
    await shows('! it is used up\n  Raise it.');
  });

  it('are told from messages that begin like them', () => {
    expect(readCommand('/usr/bin is missing')).toBeUndefined();
    expect(readCommand('/helpful')).toBeUndefined();
    expect(readCommand('please /help')).toBeUndefined();
    expect(readCommand('/queue  two\nlines ')?.argument).toBe('two\nlines');
  });

  it('send a path as a message', async () => {
    const { begin, press, shows, calls } = sitDown();
    begin(false);
    await shows('● waiting');
    press('/usr/bin is missing', KEY.enter);
    await until(() => calls.length > 0, 'the message');
    expect(calls).toEqual(['send /usr/bin is missing']);
  });
});

describe('completeCommand', () => {
  it.each([
    ['/mo', '/model '],
    ['/int', '/interrupt'],
    ['/de', '/de'],
    ['/den', '/deny '],
    ['/nothing', '/nothing'],
    ['/model gp', '/model gp'],
  ])('makes of %j: %j', (begun, complete) => {
    expect(completeCommand(begun)).toBe(complete);
  });
});
