import { join } from 'node:path';
import { OptioError } from '../errors.ts';
import type { Host } from '../hosts/host.ts';
import type { Kept } from './prepared.ts';

/**
 * Codex reads its configuration again and again; what was changed there was changed to get out. Throws
 * `sandbox-changed`.
 */
export async function checkUntouched(
  host: Host,
  { codexHome, configText, configBefore }: Pick<Kept, 'codexHome' | 'configText' | 'configBefore'>,
): Promise<void> {
  const now = (await host.readFile(join(codexHome, 'config.toml'))).toString('utf8');
  const hasRules = await host.exists(join(codexHome, 'rules'));
  if ((now === configText || now === configBefore) && !hasRules) return;
  const what = hasRules ? 'rules were added to it' : 'its config.toml is not as we wrote it';
  throw new OptioError('sandbox-changed', `the configuration of codex was changed during the run: ${what}`, {
    remedy: 'Look at what this run did; it may have run commands without the sandbox.',
  });
}
