import { describe, expect, it } from 'vitest';
import { callTool, escalate, say } from '../../../src/testing/step.ts';
import {
  type CommandPlace,
  endLeftRuns,
  makeBusyPlace,
  makeCommandPlace,
  processesOf,
  untilGone,
  untilStarted,
} from './command.ts';
import { Terminal } from './terminal.ts';

const IDLE = '● waiting for your message';
const KEYS = '[y]es  [a]lways in this session  [n]o  [i]nterrupt, and Enter >';

function openRun(place: CommandPlace, message = 'Do it', columns = 100): Terminal {
  return Terminal.open(place, ['run', ...place.provider, message], { columns });
}

describe('approvals at a real terminal', () => {
  it.each([
    ['y', 'ok-1'],
    ['n', 'declined'],
  ])('are answered with %s', async (key, seen) => {
    const place = await makeCommandPlace([escalate('echo ok-$((0+1))', 'I need it.'), say('That was it.')]);
    const terminal = openRun(place);
    await terminal.shows(KEYS);
    expect(terminal.text()).toContain('because: I need it.');
    terminal.type(key);
    expect(await terminal.exitCode()).toBe(0);
    expect(terminal.text()).toContain(seen);
    expect(terminal.text()).toContain('That was it.');
    await untilGone(place);
  });

  it('asks again after a key that means nothing', async () => {
    const place = await makeCommandPlace([escalate('echo ok-$((0+1))'), say('That was it.')]);
    const terminal = openRun(place);
    await terminal.shows(KEYS);
    terminal.type('q');
    await terminal.shows('Answer y, a, n or i');
    terminal.type('y');
    expect(await terminal.exitCode()).toBe(0);
  });

  it('are asked once for a session when always is the answer', async () => {
    const again = () => escalate('echo ok-$((0+1))');
    const place = await makeCommandPlace([again(), again(), say('That was it.')]);
    const terminal = openRun(place);
    await terminal.shows(KEYS);
    terminal.type('a');
    expect(await terminal.exitCode()).toBe(0);
    expect(terminal.text().split('? Codex asks to run')).toHaveLength(2);
    expect(terminal.text().split('│ ok-1')).toHaveLength(3);
  });

  it('end the turn when stop is the answer, and one can say how to go on', async () => {
    const place = await makeCommandPlace([escalate('echo ok-$((0+1))'), say('Never said.'), say('Went on.')]);
    const terminal = openRun(place);
    await terminal.shows(KEYS);
    terminal.type('i');
    await terminal.shows(IDLE);
    terminal.type('/cancel');
    expect(await terminal.exitCode()).toBe(130);
    expect(terminal.text()).not.toContain('ok-1');
    await untilGone(place);
  });
});

describe('questions at a real terminal', () => {
  it('are answered with a number or with own words', async () => {
    const ask = (id: string, ...labels: string[]) =>
      callTool('request_user_input', {
        questions: [
          {
            id,
            header: 'Question',
            question: `Which colour for ${id}?`,
            options: labels.map((label) => ({ label, description: `It is ${label}` })),
          },
        ],
      });
    const place = await makeCommandPlace([ask('one', 'red', 'blue'), ask('two', 'red', 'blue'), say('Thank you.')]);
    const terminal = openRun(place);
    await terminal.shows('Which colour for one?');
    await terminal.shows('your own words >');
    terminal.type('2');
    await terminal.shows('Which colour for two?');
    await terminal.shows('your own words >');
    terminal.type('green');
    expect(await terminal.exitCode()).toBe(0);
    const asked = JSON.stringify(place.model.requests.at(-1));
    expect(asked).toContain('blue');
    expect(asked).toContain('green');
  });
});

describe('Ctrl-C at a real terminal', () => {
  it('interrupts the turn once, and one can say how to go on', async () => {
    const place = await makeBusyPlace();
    const terminal = openRun(place);
    await untilStarted(place);
    terminal.press('C-c');
    await terminal.shows(IDLE);
    terminal.type('Say something else');
    expect(await terminal.exitCode()).toBe(0);
    expect(terminal.text()).toContain('■ the turn was interrupted');
    expect(terminal.text()).toContain('> Say something else');
    expect(terminal.text()).toContain('It was interrupted.');
    await untilGone(place);
  });

  it('leaves the run when it is pressed again: it goes on', async () => {
    const place = await makeBusyPlace();
    const terminal = openRun(place);
    await untilStarted(place);
    for (let press = 0; press < 2; press++) terminal.press('C-c');
    expect(await terminal.exitCode()).toBe(0);
    const told = /Left\. It goes on: optio-codex attach (\S+) · stop it: optio-codex cancel (\S+)/.exec(
      terminal.text(),
    );
    expect(told?.[1]).toBe(told?.[2]);
    expect(processesOf(place).length, 'its codex').toBeGreaterThan(0);
    await endLeftRuns(place);
    await untilGone(place);
  });

  it('interrupts the turn at an approval, which needs no answer then', async () => {
    const place = await makeCommandPlace([escalate('echo ok'), say('Never said.')]);
    const terminal = openRun(place);
    await terminal.shows(KEYS);
    terminal.press('C-c');
    await terminal.shows('this needs no answer any more');
    await terminal.shows(IDLE);
    terminal.press('C-d');
    expect(await terminal.exitCode()).toBe(0);
    await endLeftRuns(place);
    await untilGone(place);
  });
});

describe('the size of a real terminal', () => {
  it('may be 20 columns', async () => {
    const place = await makeCommandPlace();
    const terminal = Terminal.open(place, ['demo', '--yes'], { columns: 20 });
    expect(await terminal.exitCode()).toBe(0);
    expect(terminal.rows().filter((row) => row.length > 20)).toEqual([]);
    expect(terminal.rows().join(' ')).toContain('Done. `greet.sh`');
  });

  it('may change while somebody is asked', async () => {
    const place = await makeCommandPlace([escalate('echo ok-$((0+1))'), say('word '.repeat(40).trim())]);
    const terminal = openRun(place);
    await terminal.shows(KEYS);
    terminal.resize(40, 20);
    terminal.type('y');
    expect(await terminal.exitCode()).toBe(0);
    expect(terminal.rows().some((row) => /^(word ){7}word *$/.test(row))).toBe(true);
    expect(processesOf(place)).toEqual([]);
  });
});
