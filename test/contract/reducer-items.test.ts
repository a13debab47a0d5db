import { describe, expect, it } from 'vitest';
import type { RunEventBody } from '../../src/contract/event.ts';
import { applyEvent } from '../../src/contract/reducer.ts';
import { createRunView, type RunView } from '../../src/contract/view.ts';
import { numbered } from '../support/run-events.ts';

function view(...bodies: readonly RunEventBody[]): RunView {
  return numbered(...bodies).reduce(applyEvent, createRunView());
}

const turn = { turnId: 't1' };
const started: RunEventBody = { type: 'turn.started', ...turn };
const message = (text: string) => ({ kind: 'agentMessage', id: 'i1', text }) as const;
const command = (output: string) =>
  ({ kind: 'command', id: 'i1', command: 'ls', cwd: '/repo', status: 'running', output }) as const;

describe('applyEvent on items', () => {
  const delta = (text: string, part: 'text' | 'output' | 'summary' | 'reasoning' | 'plan' = 'text'): RunEventBody => {
    return { type: 'item.delta', ...turn, itemId: 'i1', part, delta: text };
  };
  const begin = (item: Extract<RunEventBody, { type: 'item.started' }>['item']): RunEventBody => {
    return { type: 'item.started', ...turn, item };
  };
  const dropped: RunEventBody = { type: 'item.dropped', ...turn, itemId: 'i1', reason: 'retry' };

  it('grows an open message by its deltas', () => {
    const seen = view(begin(message('')), delta('Hel'), delta('lo'));
    expect(seen.turns.t1?.items.i1).toEqual({ item: message('Hello'), isOpen: true });
  });

  it('grows the last part of a reasoning, and tells summary and content apart', () => {
    const thought = { kind: 'reasoning', id: 'i1', summary: [], content: [] } as const;
    const item = { ...thought, summary: [...thought.summary], content: [...thought.content] };
    const seen = view(begin(item), delta('a', 'summary'), delta('b', 'reasoning'), delta('c', 'summary'));
    expect(seen.turns.t1?.items.i1?.item).toEqual({ ...thought, summary: ['ac'], content: ['b'] });
  });

  it('grows the output of a command, and a plan', () => {
    expect(view(begin(command('')), delta('x', 'output')).turns.t1?.items.i1?.item).toEqual(command('x'));
    const plan = { kind: 'plan', id: 'i1', text: '' } as const;
    expect(view(begin(plan), delta('x', 'plan')).turns.t1?.items.i1?.item).toEqual({ ...plan, text: 'x' });
  });

  it('leaves a completed item alone when a delta comes late', () => {
    const seen = view({ type: 'item.completed', ...turn, item: message('all') }, delta('more'));
    expect(seen.turns.t1?.items.i1).toEqual({ item: message('all'), isOpen: false });
  });

  it('takes back a text that was dropped', () => {
    const seen = view(begin(message('')), delta('Hal'), dropped);
    expect(seen.turns.t1).toMatchObject({ items: {}, itemOrder: [] });
  });

  it('keeps work that was begun and dropped, as closed', () => {
    const seen = view(begin(command('half')), dropped);
    expect(seen.turns.t1?.items.i1).toEqual({ item: command('half'), isOpen: false });
    expect(seen.turns.t1?.itemOrder).toEqual(['i1']);
  });

  it('passes over the drop of an item that it never saw', () => {
    expect(view(started, dropped).turns.t1?.items).toEqual({});
  });
});
