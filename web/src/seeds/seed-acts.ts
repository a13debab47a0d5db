import type { SeedSummary } from '../../../src/contract/seed.ts';
import { reasonInWords } from '../../../src/contract/seed-reason.ts';
import { toasts } from '../design/toast.ts';
import { api } from '../live/api.ts';
import { earlierVersions, verdictInWords } from './seed-words.ts';

/** Something that an admin can do with a seed. */
export interface SeedAct {
  readonly label: string;
  /** What is said while it is done. */
  readonly busy: string;
  readonly isGrave?: boolean;
  readonly act: () => unknown;
}

/** What is asked, or shown, before something is done with a seed. */
export type SeedQuestion = {
  readonly kind: 'again' | 'key' | 'settings' | 'undo' | 'remove';
  readonly seed: SeedSummary;
};

export interface SeedActsOptions {
  readonly ask: (question: SeedQuestion) => void;
  /** What is known of the seeds is out of date. */
  readonly onChange: () => void;
}

/** All that there is to do with a seed as it stands: what it needs most comes first. */
export function seedActs(seed: SeedSummary, { ask, onChange }: SeedActsOptions): SeedAct[] {
  const check: SeedAct = { label: 'Verify', busy: 'Asking …', act: () => verify(seed, onChange) };
  const question = (kind: SeedQuestion['kind'], label: string, isGrave = false): SeedAct => {
    return { label, busy: label, isGrave, act: () => ask({ kind, seed }) };
  };
  const isKey = seed.kind === 'apiKey';
  const again = isKey ? question('key', 'Give another key …') : question('again', 'Log in again …');
  return [
    ...(seed.state === 'dead' ? [again, check] : [check, again]),
    question('settings', 'Settings …'),
    ...(earlierVersions(seed).length > 0 ? [question('undo', 'Go back …')] : []),
    question('remove', 'Remove …', true),
  ];
}

/** Asks the provider, and tells what it says. */
async function verify({ id }: SeedSummary, onChange: () => void): Promise<void> {
  try {
    const found = await api.verifySeed(id);
    toasts.done(verdictInWords(id, found), found.reason === null ? {} : { detail: reasonInWords(found.reason) });
  } catch (thrown) {
    toasts.failed(`“${id}” could not be verified`, thrown);
  } finally {
    onChange();
  }
}
