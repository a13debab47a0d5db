import { parse, stringify } from 'smol-toml';

type IsSafe = (value: unknown) => boolean;

const isWord: IsSafe = (value) => typeof value === 'string' && /^[\w.:/-]{1,100}$/.test(value);
const isSwitch: IsSafe = (value) => typeof value === 'boolean';
const isSize: IsSafe = (value) => Number.isSafeInteger(value) && Number(value) > 0;

/**
 * What is kept of a config.toml, each with what it may be. These say which model is to work and how, and can neither start a
 * program, name a file or an address, nor loosen the sandbox, the approvals, or how logins are kept. Whatever else there is, by now
 * or in a later Codex, is left out.
 */
const SAFE: Readonly<Record<string, IsSafe>> = {
  model: isWord,
  review_model: isWord,
  model_reasoning_effort: isWord,
  model_reasoning_summary: isWord,
  model_verbosity: isWord,
  model_context_window: isSize,
  model_max_output_tokens: isSize,
  service_tier: isWord,
  personality: isWord,
  hide_agent_reasoning: isSwitch,
  show_raw_agent_reasoning: isSwitch,
};

/** The settings that a seed may have, by their names in a config.toml. */
export type SeedSettings = Readonly<Record<string, string | number | boolean>>;

/** What of a config.toml is kept, and the names of what is not. */
export interface SafeConfig {
  readonly settings: SeedSettings;
  /** The same as TOML; empty when nothing is kept. */
  readonly content: string;
  /** On the first level. */
  readonly dropped: readonly string[];
  /** Whether it can be read at all; of one that cannot nothing is kept. */
  readonly isToml: boolean;
}

/** The harmless part of a config.toml that anybody may have written. */
export function keepSafe(content: string): SafeConfig {
  let table: Record<string, unknown>;
  try {
    table = parse(content);
  } catch {
    return { settings: {}, content: '', dropped: [], isToml: false };
  }
  const settings: Record<string, string | number | boolean> = {};
  const dropped: string[] = [];
  for (const [name, value] of Object.entries(table)) {
    if (Object.hasOwn(SAFE, name) && SAFE[name]?.(value)) settings[name] = value as string | number | boolean;
    else dropped.push(name);
  }
  return { settings, content: Object.keys(settings).length > 0 ? stringify(settings) : '', dropped, isToml: true };
}
