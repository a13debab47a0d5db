import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { RUN_STATES } from '../src/contract/outcome.ts';
import { ROUTES } from '../src/contract/routes.ts';
import { MAX_PAGE, runQueryInAddress } from '../src/contract/run-query.ts';
import { MAX_DEPTH } from '../src/server/body.ts';
import { DEFAULT_LIMITS } from '../src/server/server.ts';
import { STATUS } from '../src/server/status.ts';
import { ALL_ROUTES } from './support/route-calls.ts';

const PAGE = readFileSync(join(import.meta.dirname, '..', 'docs', 'http-api.md'), 'utf8');

/** The rows of the first table after a text, without its head. */
function tableAfter(text: string): string {
  const [, rest = ''] = PAGE.split(text);
  const [table = ''] = /(?:^\|.*\n)+/m.exec(rest) ?? [];
  return table.split('\n').slice(2).join('\n').trimEnd();
}

describe('docs/http-api.md', () => {
  it('lists every route, with who may call it', () => {
    const rows = ALL_ROUTES.map(
      ([, { method, path, role, summary }]) => `| ${method} | \`${path}\` | ${role} | ${summary} |`,
    );
    expect(tableAfter('<!-- routes')).toBe(rows.join('\n'));
  });

  it('says with which status each code comes', () => {
    const codes = Object.groupBy(Object.entries(STATUS), ([, status]) => status);
    const rows = Object.entries(codes).map(
      ([status, all = []]) => `| ${status} | ${all.map(([code]) => `\`${code}\``).join(', ')} |`,
    );
    expect(tableAfter('<!-- statuses')).toBe(rows.join('\n'));
  });

  it('has the limits that hold', () => {
    const { json, file, idleMs, connections, headersMs } = DEFAULT_LIMITS;
    const MiB = 2 ** 20;
    const rows = new Map(
      tableAfter('## Limits')
        .split('\n')
        .map(
          (row) =>
            row
              .split('|')
              .slice(1, 3)
              .map((cell) => cell.trim()) as [string, string],
        ),
    );
    expect(rows.get('a body of JSON')).toBe(`${json / MiB} MiB, ${MAX_DEPTH} levels deep`);
    expect(rows.get('a file')).toBe(`${file / MiB} MiB`);
    expect(rows.get('a body of which nothing more comes')).toBe(`${idleMs / 1_000} s`);
    expect(rows.get('the headers of a request')).toContain(`, ${headersMs / 1_000} s`);
    expect(rows.get('connections')).toBe(connections.toLocaleString('en-US'));
    const most = (schema: { readonly shape: object }, field: string) => {
      const { maximum } = z.toJSONSchema((schema.shape as Record<string, z.ZodType>)[field] as z.ZodType);
      return (maximum ?? 0).toLocaleString('en-US');
    };
    expect(rows.get('a page of the journal')).toContain(`(${most(ROUTES.readJournal.query, 'limit')})`);
    expect(rows.get('a wait for an outcome (`waitMs`)')).toBe(
      `${Number(most(ROUTES.waitForRun.query, 'waitMs').replace(',', '')) / 1_000} s`,
    );
  });

  it('names every parameter of the list of runs, every state, and how long a page is', () => {
    const table = tableAfter('shifts no page.');
    const [names = '', meanings = ''] = [1, 2].map((column) =>
      table.replaceAll(/^\|.*$/gm, (row) => row.split('|')[column] ?? ''),
    );
    const named = [...names.matchAll(/`(\w+)`/g)].map(([, name]) => name);
    expect(named.sort()).toEqual(Object.keys(runQueryInAddress.shape).sort());
    for (const state of RUN_STATES) expect(meanings).toContain(`\`${state}\``);
    expect(meanings).toContain(`${MAX_PAGE} at most`);
  });
});
