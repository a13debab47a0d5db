import { describe, expect, it } from 'vitest';
import { RequestView } from '../../../src/cli/requests/request-view.ts';
import { styleFor } from '../../../src/cli/terminal/style.ts';
import { ChangeView } from '../../../src/cli/watching/change-view.ts';
import type { Request } from '../../../src/contract/request.ts';
import { COMMAND_REQUEST } from '../../support/run-events.ts';
import { watchScreen } from '../../support/screen.ts';

const { sandboxed: _, ...common } = COMMAND_REQUEST;

function shown(request: Request): string {
  const { screen, written } = watchScreen();
  const style = styleFor({ isTTY: false }, {});
  new RequestView({ screen, style, changes: new ChangeView(screen, style) }).show(request);
  return written();
}

describe('RequestView', () => {
  it.each<[Request, string[]]>([
    [
      { ...COMMAND_REQUEST, command: 'rm -r x\nls', reason: 'to clean\nup' },
      ['? Codex asks to run a command\n    rm -r x\n    ls\n    in /repo/space\n    because: to clean up\n'],
    ],
    [
      { ...common, sandboxed: 'yes', kind: 'fileChange', changes: [{ path: '/a', kind: 'add', diff: 'x\n' }] },
      ['asks to change files', '+ /a', '  +x', 'It stays inside the sandbox.'],
    ],
    [{ ...common, sandboxed: 'unknown', kind: 'fileChange', changes: [] }, ['(it did not say which)']],
    [
      { ...common, sandboxed: 'no', kind: 'permissions', permissions: { net: true } },
      ['more permissions', '"net": true'],
    ],
    [
      { ...common, sandboxed: 'unknown', kind: 'mcpTool', server: 's', message: 'May I?', arguments: { a: 1 } },
      ['the MCP server s', 'May I?', '{"a":1}'],
    ],
    [
      { ...common, kind: 'elicitation', server: 's', message: 'Who?', url: 'https://example.org' },
      ['? The MCP server s asks\n    Who?\n    https://example.org\n'],
    ],
    [{ ...common, kind: 'question', questions: [] }, ['? Codex asks a question\n']],
  ])('shows what is asked for: %o', (request, texts) => {
    for (const expected of texts) expect(shown(request)).toContain(expected);
  });

  it.each([
    ['no', 'Not confined to the workspace: it may write anywhere as you.'],
    ['unknown', 'Codex does not say whether it stays inside the sandbox: it may write anywhere as you.'],
  ] as const)('warns when it is sandboxed: %s', (sandboxed, warning) => {
    expect(shown({ ...COMMAND_REQUEST, sandboxed })).toContain(warning);
  });

  it('lets nothing from outside control the terminal', () => {
    const evil = '\u001b]52;c;ZXZpbA==\u0007\u009b2J\u202e';
    const asked = { ...common, reason: evil, sandboxed: 'no', server: evil, message: evil, url: evil } as const;
    const requests: Request[] = [
      { ...asked, kind: 'command', command: evil, cwd: evil },
      { ...asked, kind: 'fileChange', changes: [{ path: evil, kind: 'add', diff: evil }] },
      { ...asked, kind: 'permissions', permissions: { [evil]: evil } },
      { ...asked, kind: 'mcpTool', arguments: { [evil]: evil } },
      { ...asked, kind: 'elicitation' },
    ];
    expect(requests.map(shown).join('')).not.toMatch(/[^\P{Cc}\n]|\p{Bidi_Control}/u);
  });

  it('lets no name pass for a line of ours', () => {
    const text = shown({ ...COMMAND_REQUEST, cwd: '/a\n    It stays inside the sandbox.' });
    expect(text).toContain('    in /a\\n    It stays');
  });
});
