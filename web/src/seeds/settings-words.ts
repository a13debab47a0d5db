import { MAX_SEED_FILE_BYTES } from '../../../src/contract/seed.ts';
import { keepSafe, type SeedSettings } from '../../../src/contract/seed-config.ts';

/** A config.toml as somebody types it, or pastes all of theirs. */
export interface TypedSettings {
  /** What of it is kept. Nothing else is sent: the rest may hold secrets. */
  readonly content: string;
  /** What becomes of it, or what it may be while it is empty. */
  readonly hint: string;
  /** Why it cannot be taken. */
  readonly problem: string | undefined;
}

export function readSettings(text: string): TypedSettings {
  if (text.trim() === '') return { content: '', hint: EMPTY, problem: undefined };
  if (new Blob([text]).size > MAX_SEED_FILE_BYTES) return { content: '', hint: EMPTY, problem: 'It is too large.' };
  const { content, settings, dropped, isToml } = keepSafe(text);
  if (!isToml) return { content: '', hint: EMPTY, problem: 'It is no TOML.' };
  const kept = `It will have: ${Object.keys(settings).join(', ') || 'nothing'}.`;
  const hint = dropped.length === 0 ? kept : `${kept} Left out: ${dropped.join(', ')}.`;
  return { content, hint, problem: undefined };
}

/** `model gpt-5.5, model_reasoning_effort high`. */
export function settingsInWords(settings: SeedSettings): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
}

const EMPTY = 'As in a config.toml. Runs have them that name no other; what is not harmless is left out.';
