import { describe, expect, it } from 'vitest';
import { styleFor } from '../../../src/cli/terminal/style.ts';
import { Renderer } from '../../../src/cli/watching/renderer.ts';
import type { RunEventBody } from '../../../src/contract/event.ts';
import type { Item } from '../../../src/contract/item.ts';
import { numbered, SESSION_STARTED } from '../../support/run-events.ts';
import { watchScreen } from '../../support/screen.ts';

const turn = { turnId: 't1' };

/** What one reads after these events; without colours unless told otherwise. */
function shown(bodies: readonly RunEventBody[], options: { isColoured?: boolean; knowsFirst?: boolean } = {}): string {
  const { screen, written } = watchScreen();
  const style = styleFor({ isTTY: false }, options.isColoured ? { FORCE_COLOR: '1' } : {});
  const renderer = new Renderer(screen, style, options);
  for (const event of numbered(...bodies)) renderer.show(event);
  return written();
}

const started = (item: Item): RunEventBody => ({ type: 'item.started', ...turn, item });
const completed = (item: Item): RunEventBody => ({ type: 'item.completed', ...turn, item });
const delta = (text: string, part: 'text' | 'output' | 'summary' | 'plan' = 'text', itemId = 'i1'): RunEventBody => {
  return { type: 'item.delta', ...turn, itemId, part, delta: text };
};
const message = (text: string): Item => ({ kind: 'agentMessage', id: 'i1', text });
const command = (more: Partial<Extract<Item, { kind: 'command' }>> = {}): Item => {
  return { kind: 'command', id: 'c1', command: 'ls', cwd: '/repo/space', status: 'completed', output: '', ...more };
};

describe('Renderer on a session', () => {
  it('shows where and how it runs', () => {
    expect(shown([SESSION_STARTED])).toBe(
      'codex 0.169.0 · scripted · no key, for the scripted model\n' +
        '/repo/space (fresh) · workspace-write, no network · asks: on-request\n\n',
    );
  });

  it.each<[boolean | string[], string]>([
    [true, 'workspace-write, network'],
    [['a.org', '*.b.org'], 'workspace-write, a.org, *.b.org'],
  ])('shows the network %j', (network, text) => {
    expect(shown([{ ...SESSION_STARTED, sandbox: { ...SESSION_STARTED.sandbox, network } }])).toContain(text);
  });

  it('says in plain words that nothing is confined', () => {
    const sandbox = { ...SESSION_STARTED.sandbox, mode: 'danger-full-access' } as const;
    expect(shown([{ ...SESSION_STARTED, sandbox }])).toContain('! FULL ACCESS: nothing that this run does is confined');
  });

  it('shows notices by how much they matter', () => {
    const notice = { type: 'notice', message: 'the disk is full' } as const;
    expect(shown([{ ...notice, level: 'info' }])).toBe('');
    const remedy = 'Make room.';
    expect(shown([{ ...notice, level: 'warning', remedy }])).toBe('! the disk is full\n  Make room.\n');
    expect(shown([{ ...notice, level: 'error' }])).toBe('! the disk is full\n');
  });

  it('says that it is paused, why, and that it is no longer', () => {
    const pause = { reason: 'budget', message: 'it has used its 3 turns' } as const;
    const states: RunEventBody[] = [
      { type: 'run.state', state: 'running' },
      { type: 'run.state', state: 'paused', pause },
      { type: 'run.state', state: 'running' },
    ];
    expect(shown(states)).toBe('‖ paused: it has used its 3 turns\n▸ no longer paused\n\n');
  });

  it('shows messages to whoever has not written them', () => {
    const sent: RunEventBody = { type: 'message.sent', messageId: 'm1', text: 'go\non', images: [], steer: false };
    expect(shown([sent])).toBe('> go\n> on\n\n');
    expect(shown([sent], { knowsFirst: true })).toBe('');
    expect(shown([sent, { ...sent, text: 'more' }], { knowsFirst: true })).toBe('> more\n\n');
  });

  it('says of a message whether the running turn takes it, or the one after it', () => {
    const sent = { type: 'message.sent' as const, messageId: 'm1', text: 'go', images: [] };
    const begun: RunEventBody = { type: 'turn.started', ...turn };
    const ended: RunEventBody = { type: 'turn.ended', ...turn, status: 'completed' };
    expect(shown([begun, { ...sent, steer: true }])).toBe('> go\n  (into the turn)\n\n');
    expect(shown([begun, { ...sent, steer: false }])).toBe('> go\n  (after this turn)\n\n');
    expect(shown([begun, ended, { ...sent, steer: false }])).toBe('> go\n\n');
  });

  it('says that Codex has not taken a message', () => {
    const error = { code: 'turn-rejected', message: 'too\nlong' } as const;
    expect(shown([{ type: 'message.refused', messageId: 'm1', error }])).toBe(
      '! Codex did not take the message: too long\n',
    );
  });

  it('shows what holds the turn up', () => {
    expect(
      shown([
        { type: 'session.reconnected', reason: 'torn' },
        { type: 'session.reconnected', reason: 'it was taken up by another process' },
        { type: 'turn.retrying', ...turn, message: 'over\nloaded' },
        { type: 'turn.ended', ...turn, status: 'interrupted' },
      ]),
    ).toBe(
      '! the connection was lost and re-established (torn)\n' +
        '! reattached: another process has taken over the run\n' +
        '! asking the model again: over loaded\n' +
        '■ the turn was interrupted\n',
    );
  });
});

describe('Renderer on texts', () => {
  it('shows a message as it comes, and not again when it is whole', () => {
    const events = [started(message('')), delta('Hel'), delta('lo there.'), completed(message('Hello there.'))];
    expect(shown(events)).toBe('Hello there.\n\n');
  });

  it('shows a message that came whole', () => {
    expect(shown([completed(message('Hello.'))])).toBe('Hello.\n\n');
  });

  it('does not repeat a message that a notice has interrupted', () => {
    const notice: RunEventBody = { type: 'notice', level: 'warning', message: 'slow' };
    expect(shown([delta('Hello'), notice, completed(message('Hello'))])).toBe('Hello\n! slow\n\n');
  });

  it('says that a text was taken back', () => {
    const dropped: RunEventBody = { type: 'item.dropped', ...turn, itemId: 'i1', reason: 'retry' };
    expect(shown([delta('Hal'), dropped, completed(message('Hello.'))])).toBe('Hal\n(taken back)\nHello.\n\n');
  });

  it('keeps reasoning apart from what follows, and does not show one that never came', () => {
    const reasoning: Item = { kind: 'reasoning', id: 'r1', summary: ['Hm.'], content: [] };
    const events = [delta('Hm.', 'summary', 'r1'), completed(reasoning), completed(message('Yes.'))];
    expect(shown(events)).toBe('Hm.\n\nYes.\n\n');
    expect(shown([completed(reasoning)])).toBe('');
  });

  it('shows a plan that is written out, as it comes or whole', () => {
    const plan: Item = { kind: 'plan', id: 'i1', text: '1. Look' };
    expect(shown([delta('1. Look', 'plan'), completed(plan)])).toBe('1. Look\n\n');
    expect(shown([completed(plan)])).toBe('1. Look\n\n');
  });

  it('shows the steps of a plan by how they stand', () => {
    const steps = [
      { step: 'Look', status: 'completed' },
      { step: 'Mend', status: 'inProgress' },
      { step: 'Check', status: 'pending' },
    ] as const;
    expect(shown([{ type: 'plan.updated', ...turn, steps: [...steps] }])).toBe('  ✔ Look\n  ▸ Mend\n  ○ Check\n\n');
  });
});

describe('Renderer on other items', () => {
  it.each<[string, Item, string]>([
    ['a search', { kind: 'webSearch', id: 'i1', query: 'node\n24' }, '? searched: node 24\n'],
    ['a compaction', { kind: 'compaction', id: 'i1' }, '(the conversation so far was summed up, to make room)\n'],
    ['what the person said', { kind: 'userMessage', id: 'i1', text: 'Hi', images: [] }, ''],
    ['a look at a picture', { kind: 'imageView', id: 'i1', path: '/a.png' }, ''],
    ['what it has no words for', { kind: 'other', id: 'i1', type: 'x', raw: {} }, ''],
  ])('shows of %s: %j', (_what, item, text) => {
    expect(shown([started(item), completed(item)])).toBe(text);
  });

  it('shows a call of a tool and how it ended', () => {
    const call: Item = {
      kind: 'toolCall',
      id: 'i1',
      server: 'docs',
      tool: 'find',
      arguments: { q: 1 },
      status: 'running',
    };
    expect(shown([started(call), completed({ ...call, status: 'completed' })])).toBe(
      '⚙ docs.find {"q":1}\n  ✓ completed\n',
    );
    const failed = completed({ ...call, status: 'failed', error: 'no such page' });
    expect(shown([failed])).toBe('  ✗ no such page\n');
  });

  it('has no colours when it is not coloured, and some when it is', () => {
    const events = [SESSION_STARTED, started(command()), completed(command({ exitCode: 1 })), completed(message('Hi'))];
    expect(shown(events)).not.toContain('\u001b');
    expect(shown(events, { isColoured: true })).toContain('\u001b[31m✗ exit code 1');
  });

  it('lets nothing from outside control the terminal', () => {
    const evil = '\u001b]52;c;ZXZpbA==\u0007\u009b2J';
    const change = { path: `/repo/${evil}`, kind: 'update', diff: `+${evil}\n` } as const;
    const events: RunEventBody[] = [
      { ...SESSION_STARTED, model: evil, login: evil, codexVersion: evil, workspace: { path: evil, kind: 'fresh' } },
      { type: 'notice', level: 'error', message: evil, remedy: evil },
      { type: 'turn.retrying', ...turn, message: evil },
      { type: 'session.reconnected', reason: evil },
      delta(evil),
      delta(`${evil}\n`, 'output', 'c2'),
      started(command({ command: evil })),
      completed(command({ output: `${evil}\n` })),
      completed({ kind: 'fileChange', id: 'f1', status: 'failed', changes: [change] }),
      started({ kind: 'toolCall', id: 'm1', server: evil, tool: evil, arguments: evil, status: 'running' }),
      completed({ kind: 'toolCall', id: 'm1', tool: evil, arguments: evil, status: 'failed', error: evil }),
      completed({ kind: 'webSearch', id: 'w1', query: evil }),
      completed({ kind: 'plan', id: 'p1', text: evil }),
      { type: 'plan.updated', ...turn, steps: [{ step: evil, status: 'pending' }] },
    ];
    expect(shown(events)).not.toMatch(/[^\P{Cc}\n\t]/u);
  });
});
