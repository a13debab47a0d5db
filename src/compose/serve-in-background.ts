import { closeSync, writeSync } from 'node:fs';
import { fromUnknown } from '../errors.ts';
import { READY_FD, type Said } from './background.ts';
import { type Served, serve } from './serve.ts';

/** A server for a command that needs one, and that waits until we say once how that went. Undefined when it did not. */
export async function serveInBackground(): Promise<Served | undefined> {
  try {
    const served = await serve({ isBackground: true });
    tell({ ready: true });
    return served;
  } catch (thrown) {
    const { code, message, details } = fromUnknown(thrown);
    const { remedy, field, exitCode, signal, stderr } = details;
    tell({ error: { code, message, remedy, field, exitCode, signal, stderr } });
    return undefined;
  }
}

function tell(said: Said): void {
  try {
    writeSync(READY_FD, `${JSON.stringify(said)}\n`);
    closeSync(READY_FD);
  } catch {
    // Whoever has started us has gone meanwhile.
  }
}
