import { CheckCheck, Gauge, type LucideIcon, Pause, Play } from 'lucide-react';
import type { RunState } from '../../../../src/contract/outcome.ts';
import type { RunSummary } from '../../../../src/contract/run-summary.ts';
import type { RunView } from '../../../../src/contract/view.ts';
import { BusyButton } from '../../design/busy-button.tsx';
import { useLooksOn } from '../../design/looking-on.ts';
import { MoreMenu } from '../../design/more-menu.tsx';
import { useCommands } from '../../frame/commands.ts';
import { asCommands, useVerbs } from '../../runs/use-verbs.ts';
import type { VerbId } from '../../runs/verbs.ts';
import { runningTurn } from '../composer/queue.ts';
import styles from './run-actions.module.css';

export interface RunActionsProps {
  readonly view: RunView;
  readonly state: RunState;
  readonly summary: RunSummary;
}

interface VerbButton {
  readonly icon: LucideIcon;
  /** What it says while that is done. */
  readonly busy: string;
  readonly title?: string;
}

/** What has a button of its own. */
const BUTTONS: Readonly<Partial<Record<VerbId, VerbButton>>> = {
  pause: { icon: Pause, busy: 'Pausing …' },
  resume: { icon: Play, busy: 'Resuming …' },
  finish: { icon: CheckCheck, busy: 'Finishing …', title: 'Says that the run is over, and done' },
};
/** The same for a run whose budget is used up. */
const BUTTONS_OUT_OF_BUDGET: typeof BUTTONS = { ...BUTTONS, budget: { icon: Gauge, busy: 'Change the budget …' } };

/** What one can do with a run as a whole: by buttons, a menu, keys, and the palette. */
export function RunActions({ view, state, summary }: RunActionsProps) {
  const isOutOfBudget = view.pause?.reason === 'budget';
  const buttons = isOutOfBudget ? BUTTONS_OUT_OF_BUDGET : BUTTONS;
  const verbs = useVerbs({ run: { ...summary, state }, turnId: runningTurn(view), isOutOfBudget }, true);
  useCommands('This run', asCommands(verbs));
  if (useLooksOn()) return null;
  return (
    <div className={styles.actions}>
      {verbs.map(({ id, label, act }) => {
        const button = buttons[id];
        if (!button) return null;
        const { icon: Icon, busy, title } = button;
        return (
          <BusyButton key={id} busy={busy} onAct={act} title={title}>
            <Icon size={14} aria-hidden /> {label}
          </BusyButton>
        );
      })}
      <MoreMenu
        label="More to do with this run"
        acts={verbs.filter(({ id, hasOwnPlace }) => !hasOwnPlace && !buttons[id])}
      />
    </div>
  );
}
