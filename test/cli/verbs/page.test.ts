import { describe, expect, it } from 'vitest';
import type { ServedApi } from '../../../src/cli/backend.ts';
import type { LoginLink } from '../../../src/contract/server-info.ts';
import { runCommandLine } from '../../support/command-line.ts';
import { scriptApi } from '../../support/scripted-api.ts';

const LINK = { code: 'c0de', url: 'http://127.0.0.1:7420/#login=c0de' };

function page(argv: readonly string[], { link = LINK as LoginLink, settings = {} } = {}) {
  const served: ServedApi = { ...scriptApi().api, createLoginLink: async () => link };
  return runCommandLine(served, ['page', ...argv], { settings });
}

describe('page', () => {
  it('prints a link that lets a browser in', async () => {
    expect(await page([])).toMatchObject({ code: 0, stdout: `${LINK.url}\n` });
    expect(JSON.parse((await page(['--json'])).stdout)).toEqual({ url: LINK.url });
  });

  it('leads to the server elsewhere by the address that it is known by here', async () => {
    const settings = { 'server.url': 'https://codex.example/runs/' };
    expect((await page([], { settings })).stdout).toBe('https://codex.example/runs/#login=c0de\n');
  });

  it('says what to do where the page has no address', async () => {
    const { code, stderr } = await page([], { link: { code: 'c0de', url: null } });
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/only a unix socket\n {2}Start a server .*serve --port 7420/),
    ]);
  });
});
