import { describe, expect, it } from 'vitest';
import { OpenItems } from '../../src/codex/open-items.ts';

const all = () => true;

describe('OpenItems', () => {
  it('gives what was started in a turn and not completed, once', () => {
    const open = new OpenItems();
    open.add('t1', 'a', 'agentMessage');
    open.add('t1', 'b', 'reasoning');
    open.add('t2', 'c', 'plan');
    expect([open.complete('t1', 'a'), open.complete('t1', 'a')]).toEqual([true, false]);
    expect(open.drop('t1', all)).toEqual(['b']);
    expect(open.drop('t1', all)).toEqual([]);
    expect(open.drop('t2', all)).toEqual(['c']);
  });

  it('keeps those that may still be completed', () => {
    const open = new OpenItems();
    open.add('t', 'text', 'agentMessage');
    open.add('t', 'command', 'commandExecution');
    expect(open.drop('t', (type) => type !== 'commandExecution')).toEqual(['text']);
    expect(open.drop('t', all)).toEqual(['command']);
  });

  it('knows nothing of turns that were never seen', () => {
    const open = new OpenItems();
    open.complete('t', 'a');
    expect(open.drop('t', all)).toEqual([]);
  });
});
