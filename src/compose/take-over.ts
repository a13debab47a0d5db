import { OptioError } from '../errors.ts';
import { findRunning, stopRunning } from './running.ts';
import { readRecord } from './server-record.ts';

/**
 * One in the background makes room for one that a person starts: its end is waited for. Gives why there is no room,
 * `data-directory-busy`, where a person has started the other one as well.
 */
export async function takeOver(dataDir: string): Promise<OptioError | undefined> {
  const running = await findRunning(dataDir);
  if (!running) return undefined;
  const { address, isBackground } = readRecord(dataDir) ?? {};
  if (isBackground) {
    await stopRunning(dataDir);
    return undefined;
  }
  const where = address === undefined ? '' : ` at ${address}`;
  return new OptioError('data-directory-busy', `a server runs already${where} (process ${running.pid})`, {
    remedy: 'Use that one, or stop it first: optio-codex stop.',
  });
}
