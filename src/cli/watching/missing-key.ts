import type { Settings } from '../../config/settings.ts';
import type { RunOutcome } from '../../contract/outcome.ts';
import { COMMAND } from '../command.ts';

/**
 * What to say of a run that has failed for want of a key, where the command has it: the environment that counts is that of the
 * server, which was started before. Undefined where that is not why.
 */
export function describeMissingKey(
  { error }: RunOutcome,
  settings: Settings,
  env: Readonly<Record<string, string | undefined>> = process.env,
): string | undefined {
  // Nobody here can start a server elsewhere anew.
  if (error?.code !== 'login-missing' || settings['server.url'] !== undefined) return undefined;
  const { field: variable } = error;
  if (variable === undefined || !env[variable]) return undefined;
  return (
    `${variable} is set here, and the server was started without it: \`${COMMAND} stop\`, then this command again, ` +
    'which starts one that has it; nothing is lost by that.'
  );
}
