import { Popover } from '@base-ui/react/popover';
import { type FormEvent, type ReactElement, type RefObject, useRef, useState } from 'react';
import { Button } from '../../design/button.tsx';
import { Field } from '../../design/field.tsx';
import { Problem } from '../../design/problem.tsx';
import { Suggest } from '../../design/suggest.tsx';
import { useAction } from '../../design/use-action.ts';
import { useLoaded } from '../../design/use-loaded.ts';
import { api } from '../../live/api.ts';
import { type Chosen, chooseModel, fittingEffort } from './chosen-model.ts';
import styles from './controls.module.css';

export interface ModelPopoverProps {
  readonly runId: string;
  /** What holds for the turns to come, as far as is known here. */
  readonly before: Chosen;
  /** Which field is open; null for none. */
  readonly open: 'model' | 'effort' | null;
  readonly onOpen: (open: 'model' | null) => void;
  /** What opens it. */
  readonly trigger: ReactElement;
}

/** Where one chooses the model and the effort, beside what opens it. */
export function ModelPopover({ runId, before, open, onOpen, trigger }: ModelPopoverProps) {
  const effort = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  return (
    <Popover.Root open={open !== null} onOpenChange={(isOpen) => onOpen(isOpen ? 'model' : null)}>
      <Popover.Trigger ref={button} render={trigger} />
      <Popover.Portal>
        <Popover.Positioner sideOffset={6} align="start" className={styles.positioner}>
          <Popover.Popup
            className={styles.popup}
            finalFocus={button} // the one that had it before may be gone: this was loaded meanwhile
            initialFocus={() => (open === 'effort' && effort.current?.querySelector('input')) || true}
          >
            <Popover.Title className={styles.title}>For the turns to come</Popover.Title>
            <ModelForm effortRef={effort} runId={runId} before={before} onDone={() => onOpen(null)} />
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
