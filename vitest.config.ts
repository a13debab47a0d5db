import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { Failures } from './test/failures.ts';
import { Slowest } from './test/slowest.ts';

// Many tests start processes of ours, and the start of one is mostly that Node compiles it; see test/support/compiled.ts.
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, 'node_modules', '.cache', 'compiled');

const limits = { testTimeout: 60_000, hookTimeout: 60_000 };
/** What starts and kills so many processes that it takes twice as long beside others, and so do they. */
const ALONE = ['test/e2e/kill-loop.test.ts', 'test/e2e/seeds/fire.test.ts'];
/** What needs no codex, and takes too long for every day. */
const LONG = ['test/**/*-memory.test.ts'];

export default defineConfig({
  test: {
    // Two of the real codex at a time is what two cores carry.
    maxWorkers: 2,
    reporters: ['default', new Slowest(), new Failures()],
    projects: [
      {
        extends: true,
        test: {
          name: 'fast',
          include: ['test/**/*.test.ts'],
          exclude: ['test/e2e/**', 'test/binaries/**', ...LONG],
          isolate: false, // or each file would load everything anew
          maxWorkers: 3, // while one waits for the disk, for a process or for a back-off, another goes on
          ...limits,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts', ...LONG],
          exclude: ['test/binaries/**', ...ALONE],
          sequence: { groupOrder: 1 },
          ...limits,
        },
      },
      {
        extends: true,
        test: { name: 'alone', include: ALONE, sequence: { groupOrder: 2 }, maxWorkers: 1, ...limits },
      },
    ],
  },
});
