import { describe, expect, it } from 'vitest';
import { JournalMapper } from '../../src/codex/journal.ts';
import { sizeOf } from '../../src/contract/event-size.ts';

const LARGE = 9 * 1024 * 1024;
const answered = (result: unknown) => ({
  threadId: 'thread',
  turnId: 'turn',
  completedAtMs: 0,
  item: { type: 'mcpToolCall', id: 'call', server: 's', tool: 't', arguments: {}, status: 'completed', result },
});
const map = (result: unknown) =>
  new JournalMapper(
    () => 'thread',
    () => '/work',
  ).map('item/completed', answered(result));

describe('what a tool answers', () => {
  it('stays as it is, however long one may want to read it', () => {
    const result = { content: [{ type: 'text', text: 'x'.repeat(1024 * 1024) }] };
    expect(map(result)).toMatchObject([{ type: 'item.completed', item: { result } }]);
  });

  it('is cut where it would be too large for a journal: the beginning and the end of each text are left', () => {
    const [event, ...others] = map({ content: [{ type: 'text', text: `begin${'x'.repeat(LARGE)}end` }] });
    expect(others).toEqual([]);
    expect(event).toMatchObject({ type: 'item.completed', item: { id: 'call', status: 'completed' } });
    expect(sizeOf(event)).toBeLessThan(100_000);
    const text = JSON.stringify(event);
    expect(text).toContain('"begin');
    expect(text).toContain('end"');
    expect(text).toContain(`[${LARGE + 8 - 64 * 1024} characters are left out here]`);
  });

  it('is left out, and that is told, where it is too large without any long text', () => {
    const result = { content: Array.from({ length: 400_000 }, () => ({ type: 'text', text: 'x' })) };
    expect(map(result)).toMatchObject([
      { type: 'notice', level: 'warning', message: expect.stringContaining('too large for a journal') },
    ]);
  });
});
