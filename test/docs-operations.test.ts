import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { statsSchema } from '../src/contract/stats.ts';
import { METRIC_NAMES, Metrics } from '../src/server/metrics.ts';

const PAGE = readFileSync(join(import.meta.dirname, '..', 'docs', 'operations.md'), 'utf8');

const STATS = statsSchema.parse({
  runs: { scheduled: 0, starting: 0, running: 0, paused: 0, cancelling: 0, done: 0, failed: 0, cancelled: 0 },
  tokens: { input: 0, cached: 0, output: 0, reasoning: 0 },
  ...Object.fromEntries(
    Object.keys(statsSchema.shape)
      .filter((name) => !['runs', 'tokens'].includes(name))
      .map((name) => [name, 0]),
  ),
});

describe('docs/operations.md', () => {
  it('has the table of all metrics, with what the server itself says of them', async () => {
    const { text } = await new Metrics({ stats: async () => STATS, version: '1' }).read();
    const types = new Map([...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => [name, type]));
    const told = [...text.matchAll(/^# HELP (optio_codex_\S+) (.*)$/gm)].map(([, name, help]) => [
      name,
      types.get(name),
      help,
    ]);
    expect(told.map(([name]) => name)).toEqual(METRIC_NAMES);
    const rows = [...PAGE.matchAll(/^\| `(optio_codex_\w+)` \| (\w+) \| (.*) \|$/gm)].map(([, ...cells]) => cells);
    expect(rows).toEqual(told);
  });
});
