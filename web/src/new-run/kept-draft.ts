import { type Draft, EMPTY_DRAFT } from './draft.ts';
import { withoutLogin } from './history.ts';

const KEY = 'draft';

/** Keeps a draft for as long as the tab is open; of what may be secret nothing: variables, and logins in an address. */
export function keepDraft(draft: Draft): void {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(withoutSecrets(draft)));
  } catch {
    // Then a reload loses it.
  }
}

export function forgetDraft(): void {
  sessionStorage.removeItem(KEY);
}

/** The draft that was kept in this tab; undefined where there is none. What an earlier page has kept otherwise is left out. */
export function keptDraft(): Partial<Draft> | undefined {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? 'null');
    if (!isRecord(kept)) return undefined;
    const fitting = Object.entries(EMPTY_DRAFT).filter(([name, value]) => isAlike(kept[name], value));
    return Object.fromEntries(fitting.map(([name]) => [name, kept[name]]));
  } catch {
    return undefined;
  }
}

function withoutSecrets({ env: _, providerUrl, kept, ...draft }: Draft): object {
  const { env: __, provider, ...spec } = kept.spec;
  const known = provider && { provider: { ...provider, baseUrl: withoutLogin(provider.baseUrl) } };
  return { ...draft, providerUrl: withoutLogin(providerUrl), kept: { ...kept, spec: { ...spec, ...known } } };
}

/** Whether both are of one kind, as far as a draft is deep. */
function isAlike(value: unknown, model: unknown): boolean {
  if (!isRecord(model)) return typeof value === typeof model;
  return isRecord(value) && Object.entries(model).every(([name, part]) => isAlike(value[name], part));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
