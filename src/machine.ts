import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import type { Machine } from './contract/server-info.ts';

/** The machine that this process runs on. */
export function thisMachine(): Machine {
  return machineOf(hostname(), readBootId());
}

/** Names are given twice, and the containers of one machine have begun together: both at once are the same nowhere else. */
export function machineOf(name: string, bootId: string): Machine {
  return { name, id: createHash('sha256').update(`${name}\n${bootId}`).digest('hex').slice(0, 16) };
}

/** Empty where the system tells none. */
function readBootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return '';
  }
}
