import { describe, expect, it } from 'vitest';
import { styleFor } from '../../../src/cli/terminal/style.ts';
import { Renderer } from '../../../src/cli/watching/renderer.ts';
import type { RunEventBody } from '../../../src/contract/event.ts';
import type { FileChange, Item } from '../../../src/contract/item.ts';
import { numbered, SESSION_STARTED } from '../../support/run-events.ts';
import { watchScreen } from '../../support/screen.ts';

const turn = { turnId: 't1' };

function shown(...bodies: readonly RunEventBody[]): string {
  const { screen, written } = watchScreen();
  const renderer = new Renderer(screen, styleFor({ isTTY: false }, {}));
  for (const event of numbered(...bodies)) renderer.show(event);
  return written();
}

function change(status: 'completed' | 'failed', ...changes: readonly FileChange[]): string {
  const item: Item = { kind: 'fileChange', id: 'f1', status, changes: [...changes] };
  return shown(SESSION_STARTED, { type: 'item.completed', ...turn, item })
    .split('\n\n')
    .slice(1)
    .join('\n\n');
}

describe('ChangeView', () => {
  it('shows a change as a diff, by its path in the workspace', () => {
    const diff = '@@ -1 +1 @@\n-old\n+new\n same\n';
    expect(change('completed', { path: '/repo/space/src/a.ts', kind: 'update', diff })).toBe(
      '~ src/a.ts\n  @@ -1 +1 @@\n  -old\n  +new\n   same\n\n',
    );
  });

  it.each<[FileChange, string]>([
    [{ path: '/repo/space/a', kind: 'add', diff: 'x\ny\n' }, '+ a\n  +x\n  +y\n\n'],
    [{ path: '/repo/space/a', kind: 'delete', diff: 'x\n' }, '- a\n  -x\n\n'],
    [{ path: '/repo/space/a', kind: 'move', movedTo: '/repo/space/b', diff: '+x\n' }, '→ a → b\n  +x\n\n'],
    [{ path: '/repo/space/a\n✓ done', kind: 'update', diff: '+x\n' }, '~ a\\n✓ done\n  +x\n\n'],
    [{ path: '/etc/passwd', kind: 'update', diff: '+x\n' }, '~ /etc/passwd\n  +x\n\n'],
    [{ path: '/repo/space-2/a', kind: 'update', diff: '+x\n' }, '~ /repo/space-2/a\n  +x\n\n'],
  ])('shows %o', (one, text) => {
    expect(change('completed', one)).toBe(text);
  });

  it('shows an empty file as no line', () => {
    expect(change('completed', { path: '/repo/space/a', kind: 'add', diff: '' })).toBe('+ a\n\n');
  });

  it('says that a change was not made', () => {
    const one = { path: '/repo/space/a', kind: 'update', diff: '+x\n' } as const;
    expect(change('failed', one)).toBe('~ a\n  +x\n  ✗ failed\n\n');
  });

  it('cuts a long diff, and says how much it left out', () => {
    const text = change('completed', { path: '/repo/space/a', kind: 'add', diff: 'x\n'.repeat(250) });
    expect(text.match(/^ {2}\+x$/gm)).toHaveLength(200);
    expect(text).toContain('  … 50 more lines\n');
  });
});
