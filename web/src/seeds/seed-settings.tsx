import { type FormEvent, useState } from 'react';
import type { SeedSummary } from '../../../src/contract/seed.ts';
import { Button } from '../design/button.tsx';
import { Dialog, DialogActions } from '../design/dialog.tsx';
import { Problem } from '../design/problem.tsx';
import { toasts } from '../design/toast.ts';
import { useAction } from '../design/use-action.ts';
import { type Loaded, useLoaded } from '../design/use-loaded.ts';
import { api } from '../live/api.ts';
import styles from './add-login.module.css';
import { SettingsField } from './settings-field.tsx';
import { readSettings, settingsInWords } from './settings-words.ts';
import type { SeedQuestionProps } from './undo-seed.tsx';

/** The settings of a seed, to be changed. */
export function SeedSettings({ seed, onClose, onChange }: SeedQuestionProps) {
  const { id } = seed;
  const { data, problem } = useSettings(seed);
  const [typed, setTyped] = useState<string>();
  const text = typed ?? data?.config ?? '';
  const read = readSettings(text);
  const save = useAction(async () => {
    const saved = await api.setSeedConfig(id, { config: read.content });
    const has = saved.config === '' ? `“${id}” has no settings now` : `“${id}” has other settings now`;
    toasts.done(has, { detail: 'Runs that are under way keep theirs.' });
    onChange();
    onClose();
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (read.problem === undefined) void save.begin();
  };
  return (
    <Dialog
      title={`Settings: ${id}`}
      description="Runs to come have them, unless they name others. The login stays as it is."
      onClose={onClose}
      isWide
    >
      <form className={styles.form} onSubmit={submit} noValidate autoComplete="off">
        <SettingsField value={text} onChange={setTyped} />
        <Problem error={save.problem ?? problem} />
        <DialogActions>
          <Button onClick={onClose}>Not now</Button>
          <Button kind="main" type="submit" disabled={save.isBusy || !data} aria-busy={save.isBusy}>
            {save.isBusy ? 'Saving …' : 'Save the settings'}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

/** What stands of them in the row of a seed; nothing where it has none. */
export function SettingsLine({
  seed,
  className,
}: {
  readonly seed: SeedSummary;
  readonly className: string | undefined;
}) {
  const { data } = useSettings(seed);
  const words = settingsInWords(data?.settings ?? {});
  return words === '' ? null : <p className={className}>Settings: {words}</p>;
}

function useSettings({ id, version }: SeedSummary): Loaded<Awaited<ReturnType<typeof api.seedConfig>>> {
  return useLoaded(`settings of ${id} ${version}`, () => api.seedConfig(id));
}
