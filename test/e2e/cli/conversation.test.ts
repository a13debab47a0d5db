import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Optio } from '../../../src/optio.ts';
import { endTurn, escalate, pause, say, shell } from '../../../src/testing/index.ts';
import { until } from '../../support/processes.ts';
import { type CommandPlace, endLeftRuns, makeCommandPlace, untilGone } from './command.ts';
import { Terminal } from './terminal.ts';

const IDLE = '● waiting for your message';
const KEYS = '[y]es  [a]lways in this session  [n]o  [i]nterrupt, and Enter >';
const ANSWERED_ELSEWHERE = join(import.meta.dirname, '..', '..', 'fakes', 'answered-elsewhere.ts');

/** Begins a run that ends when somebody says so, and leaves it to whoever attaches. */
async function beginRun({ env, workspace, model }: CommandPlace): Promise<string> {
  const optio = await Optio.open({ env });
  const handle = await optio.run({
    instructions: 'Begin',
    autoStart: true,
    endRule: 'told',
    workspace: { directory: workspace },
    permissionGate: true,
    model: 'scripted',
    provider: { baseUrl: model.url },
  });
  for await (const event of handle.events()) if (event.type === 'turn.ended') break;
  handle.outcome.catch(() => {}); // it is left
  await optio.close({ leave: true });
  return handle.id;
}

/** The lines that one reads of a run, without what belongs to one sitting: its commands, taking it up, and leaving it. */
function transcriptOf(terminal: Terminal): string[] {
  const [transcript = ''] = terminal.text().split('\nLeft. It goes on');
  return transcript.split('\n').filter((line) => line !== '' && !/^(! reattached|Model of the turns)/.test(line));
}

describe('a conversation at a real terminal', () => {
  it('takes what one types, also into the running turn, and is the same when one comes back', async () => {
    const place = await makeCommandPlace([
      say('Hello.'),
      endTurn(),
      shell('until test -e go; do sleep 0.05; done; echo went'),
      say('Both are done.'),
      endTurn(),
      say('With the other one.'),
    ]);
    await beginRun(place);
    const terminal = Terminal.open(place, ['attach']);
    await terminal.shows('> Begin\n\nHello.');
    await terminal.shows(IDLE);
    terminal.type('Work on it');
    await terminal.shows('$ until test');
    terminal.type('Also the docs');
    await terminal.shows('> Also the docs\n  (into the turn)');
    writeFileSync(join(place.workspace, 'go'), '');
    await terminal.shows('Both are done.');
    expect(JSON.stringify(place.model.requests.at(-1)?.body)).toContain('Also the docs');
    await terminal.shows(IDLE);
    terminal.type('/model another');
    await terminal.shows('Model of the turns to come: another');
    terminal.type('Again');
    await terminal.shows('With the other one.');
    expect(place.model.requests.at(-1)?.body.model).toBe('another');
    await terminal.shows(`${IDLE} · another`);
    for (let press = 0; press < 2; press++) terminal.press('C-c');
    expect(await terminal.exitCode()).toBe(0);
    const before = transcriptOf(terminal);
    terminal.hangUp();
    const again = Terminal.open(place, ['attach']);
    await again.shows(IDLE);
    again.press('C-d');
    expect(await again.exitCode()).toBe(0);
    expect(transcriptOf(again)).toEqual(before);
    await endLeftRuns(place);
    await untilGone(place);
  });

  it('takes a pasted text as one message, and is whole after its terminal has changed its size', async () => {
    const place = await makeCommandPlace([
      say('Hello.'),
      endTurn(),
      say('Read.'),
      endTurn(),
      escalate('echo ok'),
      say('Done.'),
    ]);
    await beginRun(place);
    const terminal = Terminal.open(place, ['attach'], { rows: 24 });
    await terminal.shows(IDLE);
    const lines = Array.from({ length: 60 }, (_, index) => `line ${index} of what is pasted`);
    terminal.paste(lines.join('\n'));
    await terminal.shows('line 59 of what is pasted');
    expect(place.model.requests).toHaveLength(1);
    terminal.press('Enter');
    await terminal.shows('Read.');
    expect(place.model.requests.at(-1)?.userText).toBe(lines.join('\n'));
    terminal.paste('a draft that is so long that it takes several rows');
    await terminal.shows('several rows');
    for (const [columns, rows] of [
      [30, 24],
      [12, 10],
      [70, 24],
    ] as const) {
      terminal.resize(columns, rows);
      await terminal.shows(columns > 30 ? `${IDLE} · scripted` : '● waiting');
    }
    await terminal.shows('> a draft that is so long that it takes several rows');
    const drafts = () => terminal.screen().filter((row) => row.startsWith('> a draft'));
    await until(() => drafts().length === 1, 'one input line');
    terminal.press('Enter');
    await terminal.shows(KEYS);
    terminal.type('y');
    await terminal.shows('Done.');
    terminal.type('/finish');
    expect(await terminal.exitCode()).toBe(0);
    expect(terminal.text()).toContain('✓ done');
    await untilGone(place);
  });

  it('says at once what somebody else has answered, and gives the input back', async () => {
    const gate = Promise.withResolvers<void>();
    const place = await makeCommandPlace([escalate('echo ok-$((0+1))'), pause(gate.promise), say('That was it.')]);
    const command = [process.execPath, ANSWERED_ELSEWHERE];
    const terminal = Terminal.open(place, [place.model.url], { command });
    await terminal.shows(KEYS);
    writeFileSync(join(place.workspace, 'decided'), '');
    await terminal.shows('    allowed by phone');
    await terminal.shows('│ ok-1');
    await until(() => terminal.screen().at(-1) === '>', 'the input line');
    gate.resolve();
    expect(await terminal.exitCode()).toBe(0);
    await untilGone(place);
  });

  it('is one line after the other where the terminal cannot be written over', async () => {
    const place = await makeCommandPlace([say('Hello.'), endTurn(), escalate('echo ok-$((0+1))'), say('Went on.')]);
    await beginRun(place);
    const terminal = Terminal.open(place, ['attach'], { env: { TERM: 'dumb' } });
    await terminal.shows('\n> ', 2);
    terminal.type('Go on');
    await terminal.shows(KEYS);
    terminal.type('y');
    await terminal.shows('Went on.');
    await terminal.shows('\n> ', 4);
    terminal.type('/finish');
    expect(await terminal.exitCode()).toBe(0);
    expect(terminal.text()).toContain('│ ok-1');
    expect(terminal.text()).not.toContain('●');
    await untilGone(place);
  });
});
