import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import type { Invocation } from '../src/cli/program.ts';
import { addVerbs } from '../src/cli/verbs.ts';
import { statsSchema } from '../src/contract/stats.ts';
import { METRIC_NAMES, Metrics } from '../src/server/metrics.ts';
import { DEFAULT_LIMITS } from '../src/server/server.ts';

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
  it('has a unit that starts a server, stops that alone, and gives it time for it', () => {
    const [, text = ''] = PAGE.split('```ini\n');
    const unit = new Map(
      (text.split('```')[0] ?? '').split('\n').flatMap((line) => {
        const [, name = '', value = ''] = /^(\w+)=(.*)$/.exec(line) ?? [];
        return name === '' ? [] : [[name, value] as const];
      }),
    );
    const program = new Command();
    addVerbs(program, {} as Invocation);
    const [path = '', ...argv] = unit.get('ExecStart')?.split(' ') ?? [];
    expect(path).toMatch(/^\/.*\/optio-codex$/);
    expect(program.commands.map((command) => command.name())).toContain(argv[0]);
    expect(argv.slice(1)).toEqual([]);
    // Codex is in the control group of its server, and outlives it.
    expect(unit.get('KillMode')).toBe('process');
    expect(Number(unit.get('TimeoutStopSec')) * 1_000).toBeGreaterThan(DEFAULT_LIMITS.closeMs);
    expect(unit.get('Restart')).toBe('on-failure'); // its own end, with 0, is no failure
  });

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
