import { describe, expect, it } from 'vitest';
import type { FoundPage, FoundText } from '../../../src/contract/search.ts';
import { runCommandLine } from '../../support/command-line.ts';
import { detailsOf, LAUNCHED_AT, RUN_ID } from '../../support/run-summary.ts';
import { scriptApi } from '../../support/scripted-api.ts';

function textOf(snippet: string, wanted: string, more: Partial<FoundText> = {}): FoundText {
  const from = snippet.indexOf(wanted);
  const nowhere = { turnId: null, itemId: null, requestId: null, messageId: null };
  return { kind: 'answer', seq: 7, at: LAUNCHED_AT, ...nowhere, snippet, from, to: from + wanted.length, ...more };
}

const FOUND: FoundPage['found'] = [
  {
    run: detailsOf({ name: 'Fix the tests' }),
    texts: [textOf('there is a needle in it', 'needle'), textOf('needle.ts', 'needle', { kind: 'files' })],
    more: 4,
  },
  {
    run: detailsOf({ id: 'run-03cc000000000000', name: 'Old', state: 'done' }),
    texts: [textOf('…\u001b[2J before the needle', 'needle', { kind: 'message' })],
    more: 100,
  },
];

/** Gives these pages one after the other, each with the number of the next. */
function search(pages: readonly FoundPage['found'][], ...args: string[]) {
  const { api, asked } = scriptApi({
    api: {
      async search(query) {
        asked.push(['search', query]);
        const at = Number(query.cursor ?? 0);
        return { found: pages[at] ?? [], next: at + 1 < pages.length ? String(at + 1) : null, isBehind: false };
      },
    },
  });
  return { asked, say: runCommandLine(api, ['search', ...args]) };
}

describe('search', () => {
  it('lists the texts in which it is, with their runs', async () => {
    const { say, asked } = search([FOUND], 'a', 'needle');
    const { code, stdout } = await say;
    expect(code).toBe(0);
    expect(stdout.split('\n')).toEqual([
      'RUN                   NAME           STATE    WHAT    TEXT                      MORE  WHEN',
      `${RUN_ID}  Fix the tests  running  answer  there is a needle in it         5 min ago`,
      `${RUN_ID}  Fix the tests  running  files   needle.ts                   +4  5 min ago`,
      'run-03cc000000000000  Old            done     prompt  … before the needle      +100…  5 min ago',
      '',
    ]);
    expect(asked).toEqual([['search', { text: 'a needle', limit: 20 }]]);
  });

  it('asks for all runs, unless its flags say which', async () => {
    const { say, asked } = search([[]], '--state', 'failed', '--tag', 'team=red', '-n', '3', '--', '--force');
    expect((await say).stdout).toBe('No run that matches the filters says that.\n');
    const filter = { states: ['failed'], metadata: { team: 'red' } };
    expect(asked).toEqual([['search', { ...filter, text: '--force', limit: 3 }]]);
    expect((await search([[]], 'x').say).stdout).toBe('No run says that.\n');
  });

  it('goes on until it has as many as were wanted, and says that there may be more', async () => {
    const whole = await search([[], FOUND.slice(0, 1), FOUND.slice(1)], 'needle').say;
    expect(whole.stdout).toContain('Old');
    expect(whole.stdout).not.toContain('--limit');
    const { say, asked } = search([[], FOUND.slice(0, 1), FOUND.slice(1)], '-n', '1', 'needle');
    expect((await say).stdout).toContain('There may be more: say in how many runs with --limit.');
    expect(asked).toHaveLength(2);
  });

  it('gives a program all of it', async () => {
    const { stdout } = await search([FOUND], '--json', 'needle').say;
    expect(JSON.parse(stdout)).toEqual({ found: FOUND, isPartial: false, isBehind: false });
  });

  it('shows what was found also where there is little room', async () => {
    const far = [
      { ...FOUND[0], texts: [textOf(`${'before '.repeat(10)}needle after`, 'needle')] },
    ] as FoundPage['found'];
    const { api } = scriptApi({ api: { search: async () => ({ found: far, next: null, isBehind: true }) } });
    const { stdout } = await runCommandLine(api, ['search', 'needle'], { columns: 60 });
    expect(stdout).toContain('before before needle');
    expect(stdout).toContain('Journals are still being read');
  });
});
