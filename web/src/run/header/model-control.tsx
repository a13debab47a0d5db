import { lazy, Suspense, useState } from 'react';
import type { ControlsView } from '../../../../src/contract/view.ts';
import { useCommands } from '../../frame/commands.ts';
import { useStore } from '../../live/store.ts';
import { type Chosen, chosenModels, pendingOf } from './chosen-model.ts';
import { ModelButton } from './model-button.tsx';

/** Loaded when somebody comes near it: it is as large as all else that a run needs at first. */
const loadPopover = () => import('./model-popover.tsx');
const ModelPopover = lazy(async () => ({ default: (await loadPopover()).ModelPopover }));

export interface ModelControlProps {
  readonly runId: string;
  readonly controls: ControlsView;
  /** There is a session that can be told. */
  readonly isLive: boolean;
}

/** Which model thinks, and how hard: told, and chosen for the turns to come. */
export function ModelControl({ runId, controls, isLive }: ModelControlProps) {
  const [open, setOpen] = useState<'model' | 'effort' | null>(null);
  const [isWanted, setWanted] = useState(false);
  if (open !== null && !isWanted) setWanted(true);
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
  const next = pending ? inWords({ model: pending.model, effort: pending.effort ?? controls.effort }) : null;
  const closed = (
    <ModelButton
      {...{ shown, next }}
      aria-haspopup="dialog"
      aria-expanded={false}
      aria-busy={isWanted}
      onPointerEnter={() => void loadPopover()}
      onFocus={() => void loadPopover()}
      onClick={() => setOpen('model')}
    />
  );
  if (!isWanted) return closed;
  return (
    <Suspense fallback={closed}>
      <ModelPopover
        runId={runId}
        before={pending ?? controls}
        open={open}
        onOpen={setOpen}
        trigger={<ModelButton {...{ shown, next }} />}
      />
    </Suspense>
  );
}

function inWords({ model, effort }: Chosen): string {
  return [model, effort].filter(Boolean).join(' · ');
}
