import type { ModelInfo } from '../../../src/contract/model-info.ts';
import { Choice } from '../design/choice.tsx';
import { Field } from '../design/field.tsx';
import { Problem } from '../design/problem.tsx';
import { Suggest } from '../design/suggest.tsx';
import type { Loaded } from '../design/use-loaded.ts';
import type { Problems } from './draft.ts';
import styles from './new-run-page.module.css';
import type { DraftParts } from './use-draft.ts';

export interface ModelFieldsProps extends DraftParts {
  readonly problems: Problems;
  readonly models: Loaded<ModelInfo[]>;
  readonly isAdmin: boolean;
}

const PROVIDERS = [
  { value: 'openai', label: 'OpenAI' },
  { value: 'other', label: 'Another', means: 'Anything that speaks the Responses API, a server on your machine too.' },
] as const;

/** Which model thinks, how hard, and who serves it. */
export function ModelFields({ draft, change, problems, models, isAdmin }: ModelFieldsProps) {
  const isOpenAi = draft.provider === 'openai';
  const known = isOpenAi ? (models.data ?? []) : [];
  const standard = known.find(({ isDefault }) => isDefault);
  const chosen = draft.model.trim() === '' ? standard : known.find(({ id }) => id === draft.model.trim());
  return (
    <>
      <Choice
        label="Model of"
        options={PROVIDERS}
        value={draft.provider}
        onChange={(provider) => change({ provider })}
      />
      {!isOpenAi && <ProviderFields draft={draft} change={change} problems={problems} isAdmin={isAdmin} />}
      {isOpenAi && <Problem error={models.problem} />}
      <div className={styles.pair}>
        <Field label="Model" error={problems.model}>
          {(parts) => (
            <Suggest
              parts={parts}
              value={draft.model}
              onChange={(model) => change({ model })}
              items={known.map(({ id, description }) => ({ value: id, note: description }))}
              placeholder={isOpenAi ? (standard ? `${standard.id} (default)` : 'the default') : 'qwen3-coder'}
            />
          )}
        </Field>
        <Field label="Effort" error={problems.effort}>
          {(parts) => (
            <Suggest
              parts={parts}
              value={draft.effort}
              onChange={(effort) => change({ effort })}
              items={(chosen?.efforts ?? []).map((value) => ({ value }))}
              placeholder={chosen?.defaultEffort ? `${chosen.defaultEffort} (default)` : 'the default'}
            />
          )}
        </Field>
      </div>
    </>
  );
}

function ProviderFields({ draft, change, problems, isAdmin }: Omit<ModelFieldsProps, 'models'>) {
  const input = (name: 'providerUrl' | 'providerKey' | 'contextWindow') => ({
    value: draft[name],
    onChange: (event: React.ChangeEvent<HTMLInputElement>) => change({ [name]: event.target.value }),
  });
  return (
    <>
      <Field label="Address" error={problems.providerUrl}>
        {(parts) => <input {...parts} {...input('providerUrl')} type="url" placeholder="http://127.0.0.1:11434/v1" />}
      </Field>
      <div className={styles.pair}>
        <Field
          label="Variable of its key"
          hint={
            isAdmin
              ? 'A variable in the environment of the server. Leave it empty where no key is needed.'
              : 'Only an admin may name a variable of the server.'
          }
          error={problems.providerKey}
        >
          {(parts) => <input {...parts} {...input('providerKey')} disabled={!isAdmin} placeholder="MY_PROVIDER_KEY" />}
        </Field>
        <Field
          label="Context window"
          hint="In tokens. Codex assumes a large one for a model that it does not know."
          error={problems.contextWindow}
        >
          {(parts) => <input {...parts} {...input('contextWindow')} inputMode="numeric" placeholder="unknown" />}
        </Field>
      </div>
    </>
  );
}
