import { readdirSync, readFileSync } from 'node:fs';
import { onTestFinished } from 'vitest';
import { connect } from '../../../src/compose/connect.ts';
import type { OptioApi } from '../../../src/contract/api.ts';
import type { CommandPlace } from '../cli/command.ts';

/** The servers of a place, by their processes: those in the background, and those that a person has started. */
export function serversOf({ dataDir }: CommandPlace): { readonly pid: number; readonly isBackground: boolean }[] {
  return readdirSync('/proc').flatMap((name) => {
    const argv = /^\d+$/.test(name) ? read(`/proc/${name}/cmdline`).split('\0') : [];
    if (!argv.includes('serve') || !read(`/proc/${name}/environ`).includes(dataDir)) return [];
    return [{ pid: Number(name), isBackground: argv.includes('--background') }];
  });
}

/** The API of a place, as a command has it; let go of when the test is over. */
export async function apiOf({ env }: CommandPlace): Promise<OptioApi> {
  const api = await connect({ env });
  onTestFinished(() => api.close());
  return api;
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return ''; // it has ended meanwhile
  }
}
