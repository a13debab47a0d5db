import { join } from 'node:path';
import { parse, stringify } from 'smol-toml';
import type { SeedSettings } from '../contract/seed-config.ts';
import type { RunContext } from '../task/context.ts';
import type { SessionCheckpoint } from './checkpoint.ts';
import type { SessionConfig } from './config.ts';
import type { SessionLogin } from './login.ts';
import { toPreparedRecord } from './prepare-again.ts';
import type { Kept } from './prepared.ts';
import { checkUntouched } from './untouched.ts';

/** A config.toml, and what of its beginning is of the seed that is lent. */
type LaidConfig = Pick<Kept, 'configText' | 'lentText'>;

/**
 * Lays the settings of a seed under a config.toml of ours, key by key: whatever stands there, and the effort that the task names
 * (which goes with each turn), wins. They stand before all of it, so that those of another seed can take their place.
 */
export function layUnder(
  ours: string,
  { reasoningEffort }: Pick<SessionConfig, 'reasoningEffort'>,
  settings: SeedSettings = {},
): LaidConfig {
  const said = new Set(Object.keys(parse(ours)));
  if (reasoningEffort) said.add('model_reasoning_effort');
  const lent = Object.entries(settings).filter(([name]) => !said.has(name));
  const lentText = lent.length > 0 ? `${stringify(Object.fromEntries(lent)).trimEnd()}\n` : '';
  return { configText: `${lentText}${ours}`, lentText };
}

export interface ConfigureOptions {
  readonly context: RunContext;
  readonly config: SessionConfig;
  readonly checkpoint: SessionCheckpoint;
}

/**
 * Gives the next codex of a run the settings of the seed that is lent now, in the place of those of the seed before; none that could
 * have read them lives. What it writes is noted first, with what stands there until then: a process may die in between. Throws
 * `sandbox-changed` where something else stands there.
 */
export async function configureAgain(
  { context: { host }, config, checkpoint }: ConfigureOptions,
  kept: Kept,
  { settings }: Pick<SessionLogin, 'settings'>,
): Promise<Kept> {
  const file = join(kept.codexHome, 'config.toml');
  const laid = layUnder(kept.configText.slice(kept.lentText.length), config, settings);
  if (laid.configText === kept.configText && kept.configBefore === undefined) return kept;
  await checkUntouched(host, kept);
  const configBefore = (await host.readFile(file)).toString('utf8');
  const next = { ...kept, ...laid, configBefore };
  await checkpoint.add({ prepared: toPreparedRecord(next) });
  await host.writeFile(file, laid.configText);
  return next;
}
