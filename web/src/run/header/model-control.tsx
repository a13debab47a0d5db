import { Popover } from '@base-ui/react/popover';
import { ChevronDown } from 'lucide-react';
import { type FormEvent, type RefObject, useRef, useState } from 'react';
import type { ControlsView } from '../../../../src/contract/view.ts';
import { Button } from '../../design/button.tsx';
import { Field } from '../../design/field.tsx';
import { Problem } from '../../design/problem.tsx';
import { Suggest } from '../../design/suggest.tsx';
import { useAction } from '../../design/use-action.ts';
import { useLoaded } from '../../design/use-loaded.ts';
import { useCommands } from '../../frame/commands.ts';
import { api } from '../../live/api.ts';
import { useStore } from '../../live/store.ts';
import { type Chosen, chooseModel, chosenModels, fittingEffort, pendingOf } from './chosen-model.ts';
import styles from './controls.module.css';

export interface ModelControlProps {
  readonly runId: string;
  readonly controls: ControlsView;
  /** There is a session that can be told. */
  readonly isLive: boolean;
}

/** Which model thinks, and how hard: told, and chosen for the turns to come. */
export function ModelControl({ runId, controls, isLive }: ModelControlProps) {
  const [open, setOpen] = useState<'model' | 'effort' | null>(null);
  const effort = useRef<HTMLDivElement>(null);
  const pending = pendingOf(useStore(chosenModels).get(runId), controls);
  const shown = inWords(controls);
  useCommands(
    'This run',
    isLive
      ? [
          { id: 'model', label: 'Change the model …', keys: 'm m', act: () => setOpen('model') },
          { id: 'effort', label: 'Change the effort …', words: 'reasoning', keys: 'm e', act: () => setOpen('effort') },
        ]
      : [],
  );
  if (!isLive) return <span>{shown}</span>;
  const next = pending && inWords({ model: pending.model, effort: pending.effort ?? controls.effort });
  return (
    <Popover.Root open={open !== null} onOpenChange={(isOpen) => setOpen(isOpen ? 'model' : null)}>
      <Popover.Trigger
        className={styles.trigger}
        aria-label={`Model and effort: ${shown}${next ? `; from the next turn on ${next}` : ''}`}
      >
        {shown}
        {next && (
          <span className={styles.pending} title="From the next turn on">
            → {next}
          </span>
        )}
        <ChevronDown size={12} aria-hidden />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner sideOffset={6} align="start" className={styles.positioner}>
          <Popover.Popup
            className={styles.popup}
            initialFocus={() => (open === 'effort' && effort.current?.querySelector('input')) || true}
          >
            <Popover.Title className={styles.title}>For the turns to come</Popover.Title>
            <ModelForm effortRef={effort} runId={runId} before={pending ?? controls} onDone={() => setOpen(null)} />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

interface FormProps {
  readonly runId: string;
  /** What holds for the turns to come, as far as is known here. */
  readonly before: Chosen;
  readonly onDone: () => void;
  /** What is around the field of the effort. */
  readonly effortRef: RefObject<HTMLDivElement | null>;
}

function ModelForm({ runId, before, onDone, effortRef }: FormProps) {
  const models = useLoaded('models', () => api.models());
  const [model, setModel] = useState(before.model);
  const [effort, setEffort] = useState(before.effort ?? '');
  const knownAs = (id: string) => models.data?.find((one) => one.id === id.trim());
  const known = knownAs(model);
  // Whoever has not typed yet wants to see them all.
  const offered = (models.data ?? []).filter(({ id }) => model === before.model || id.includes(model.trim()));
  const change = useAction(async () => {
    const wanted = { model: model.trim(), effort: effort.trim() === '' ? null : effort.trim() };
    await chooseModel(api.runOf(runId), before, wanted);
  });
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (await change.begin()) onDone();
  };
  return (
    <form className={styles.form} onSubmit={(event) => void submit(event)}>
      <Field
        label="Model"
        hint={models.problem ? 'Codex does not tell which models there are; type the name.' : 'Any name may be typed.'}
      >
        {(parts) => (
          <Suggest
            parts={parts}
            value={model}
            onChange={(value) => {
              setModel(value);
              setEffort(fittingEffort(knownAs(value), effort));
            }}
            isFiltered
            items={offered.map(({ id, description }) => ({ value: id, note: description }))}
          />
        )}
      </Field>
      <div ref={effortRef}>
        <Field label="Effort" hint="How hard it thinks.">
          {(parts) => (
            <Suggest
              parts={parts}
              value={effort}
              onChange={setEffort}
              items={(known?.efforts ?? []).map((value) => ({ value }))}
              placeholder={known?.defaultEffort ?? 'as the model does'}
            />
          )}
        </Field>
      </div>
      {change.problem && <Problem error={change.problem} title="Not changed" />}
      <Button kind="main" type="submit" disabled={change.isBusy || model.trim() === ''}>
        {change.isBusy ? 'Changing …' : 'Change'}
      </Button>
    </form>
  );
}

function inWords({ model, effort }: Chosen): string {
  return [model, effort].filter(Boolean).join(' · ');
}
