import { Choice } from '../design/choice.tsx';
import { Field } from '../design/field.tsx';
import type { Draft, Problems } from './draft.ts';
import styles from './new-run-page.module.css';
import type { DraftParts } from './use-draft.ts';

const MODES = [
  { value: 'broker', label: 'Shared', means: 'Short-lived tokens of it, or its key, which others may have as well.' },
  { value: 'file', label: 'As a file', means: 'The login in the home of its Codex, and nobody else has it.' },
] as const;

/** What stands in it, by which one sees that something is hidden there. */
export const SEED_FIELDS = ['seedFallback', 'seedMode'] as const satisfies readonly (keyof Draft)[];

/** What most runs with a saved login can do without. */
export function SeedFields({ draft, change, problems }: DraftParts & { readonly problems: Problems }) {
  return (
    <div className={styles.pair}>
      <Field
        label="Otherwise this login"
        hint="Where none of those is free: other seeds, or pool:NAME, in this order."
        error={problems.seedFallback}
      >
        {(parts) => (
          <input
            {...parts}
            value={draft.seedFallback}
            spellCheck={false}
            autoCapitalize="none"
            placeholder="spare pool:team"
            onChange={(event) => change({ seedFallback: event.target.value })}
          />
        )}
      </Field>
      <Choice
        label="How it gets the login"
        options={MODES}
        value={draft.seedMode}
        onChange={(seedMode) => change({ seedMode })}
        error={problems.seedMode}
      />
    </div>
  );
}
