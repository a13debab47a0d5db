import { Choice } from '../design/choice.tsx';
import { Field } from '../design/field.tsx';
import type { Draft, Problems } from './draft.ts';
import styles from './new-run-page.module.css';
import { SEED_FIELDS, SeedFields } from './seed-fields.tsx';
import { takesSeed } from './spec-of-draft.ts';
import type { DraftParts } from './use-draft.ts';

const ENDS = [
  { value: 'told', label: 'When you finish it', means: 'It stays open for more messages.' },
  { value: 'firstTurn', label: 'With its first turn', means: 'It ends once Codex has answered.' },
  { value: 'after', label: 'After a time', means: 'When you finish it, and at the latest after this time.' },
] as const;

const ISOLATIONS = [
  {
    value: 'standard',
    label: 'Standard',
    means: 'Commands may read most of the machine; logins and keys are hidden from them.',
  },
  { value: 'strict', label: 'Strict', means: 'For commands nothing exists but the system and the workspace.' },
] as const;

const REACHED = [
  { value: 'pause', label: 'Pause', means: 'Until somebody allows more.' },
  { value: 'fail', label: 'Fail' },
] as const;

/** What stands in it, by which one sees that something is hidden there. */
export function moreFieldsOf(draft: Draft): readonly (keyof Draft)[] {
  return takesSeed(draft) ? [...MORE_FIELDS, ...SEED_FIELDS] : MORE_FIELDS;
}

const MORE_FIELDS = [
  'turns',
  'tokens',
  'minutes',
  'onReached',
  'end',
  'name',
  'priority',
  'tags',
  'env',
  'isolation',
] as const satisfies readonly (keyof Draft)[];

/** What most runs can do without. */
export function MoreFields({ draft, change, problems }: DraftParts & { readonly problems: Problems }) {
  const field = (
    name: (typeof TEXT_FIELDS)[number],
    label: string,
    rest: { hint?: string; placeholder?: string } = {},
  ) => (
    <Field label={label} hint={rest.hint} error={problems[name]}>
      {(parts) => (
        <input
          {...parts}
          value={draft[name]}
          placeholder={rest.placeholder}
          onChange={(event) => change({ [name]: event.target.value })}
        />
      )}
    </Field>
  );
  const lines = (name: 'tags' | 'env', label: string, hint: string, placeholder: string) => (
    <Field label={label} hint={hint} error={problems[name]}>
      {(parts) => (
        <textarea
          {...parts}
          rows={2}
          value={draft[name]}
          spellCheck={false}
          placeholder={placeholder}
          onChange={(event) => change({ [name]: event.target.value })}
        />
      )}
    </Field>
  );
  const hasBudget = [draft.turns, draft.tokens, draft.minutes].some((text) => text.trim() !== '');
  return (
    <div className={styles.folded}>
      <div className={styles.triple}>
        {field('turns', 'Turns at most', { placeholder: 'no limit' })}
        {field('tokens', 'Tokens at most', { placeholder: 'no limit' })}
        {field('minutes', 'Minutes at most', { placeholder: 'no limit' })}
      </div>
      {hasBudget && (
        <Choice
          label="When that is reached"
          options={REACHED}
          value={draft.onReached}
          onChange={(onReached) => change({ onReached })}
        />
      )}
      {takesSeed(draft) && <SeedFields draft={draft} change={change} problems={problems} />}
      <Choice label="The run ends" options={ENDS} value={draft.end} onChange={(end) => change({ end })} />
      {draft.end === 'after' && field('endMinutes', 'Minutes', { placeholder: '60' })}
      {draft.sandbox !== 'danger-full-access' && (
        <Choice
          label="Isolation"
          options={ISOLATIONS}
          value={draft.isolation}
          onChange={(isolation) => change({ isolation })}
          error={problems.isolation}
        />
      )}
      <div className={styles.pair}>
        {field('name', 'Name', { placeholder: 'the beginning of the prompt' })}
        {field('priority', 'Priority', { hint: 'Where runs have to wait, higher ones begin first.', placeholder: '0' })}
      </div>
      <div className={styles.pair}>
        {lines('tags', 'Tags', 'To find it by. One a line.', 'team=red')}
        {lines(
          'env',
          'Variables for its commands',
          'One a line. Nobody is shown their values afterwards.',
          'NODE_ENV=test',
        )}
      </div>
    </div>
  );
}

const TEXT_FIELDS = ['turns', 'tokens', 'minutes', 'endMinutes', 'name', 'priority'] as const;
