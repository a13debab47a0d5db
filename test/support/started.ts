import { join } from 'node:path';
import { type Comparison, compareWithStart } from '../../src/changes/comparison.ts';
import { keepStart, type Start } from '../../src/changes/start.ts';
import { unifiedDiff } from '../../src/changes/unified.ts';
import type { Host } from '../../src/hosts/host.ts';
import { LocalHost } from '../../src/hosts/local.ts';
import { testDirectory } from './directories.ts';

/** A workspace whose start has been kept. */
export interface Started {
  readonly workspace: string;
  readonly start: Start;
  /** Where things are put for a moment. */
  readonly scratch: string;
  compare(known?: Comparison['known']): Promise<Comparison>;
  /** All that differs, as a unified diff. */
  diff(): Promise<string>;
}

/** Keeps the start of a workspace, as a run does when it begins. */
export async function startIn(workspace: string, host: Host = new LocalHost()): Promise<Started> {
  const own = testDirectory('run');
  const scratch = join(own, 'scratch');
  const start = await keepStart(host, workspace, own);
  const compare = (known?: Comparison['known']) => compareWithStart({ host, workspace, start, scratch, known });
  const diff = async () => (await compare()).files.map(({ change, hunks }) => unifiedDiff(change, hunks)).join('');
  return { workspace, start, scratch, compare, diff };
}
