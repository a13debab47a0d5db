import { CheckCheck, type LucideIcon, Pause, Play } from 'lucide-react';
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

/** What has a button of its own, and what that says while it is done. */
const BUTTONS: Readonly<Partial<Record<VerbId, { readonly icon: LucideIcon; readonly busy: string; title?: string }>>> =
  {
    pause: { icon: Pause, busy: 'Pausing …' },
    resume: { icon: Play, busy: 'Resuming …' },
    finish: { icon: CheckCheck, busy: 'Finishing …', title: 'Says that the run is over, and done' },
  };

/** What one can do with a run as a whole: by buttons, a menu, keys, and the palette. */
export function RunActions({ view, state, summary }: RunActionsProps) {
  const verbs = useVerbs({ run: { ...summary, state }, turnId: runningTurn(view) }, true);
  useCommands('This run', asCommands(verbs));
  if (useLooksOn()) return null;
  return (
    <div className={styles.actions}>
      {verbs.map(({ id, label, act }) => {
        const button = BUTTONS[id];
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
        acts={verbs.filter(({ id, hasOwnPlace }) => !hasOwnPlace && !BUTTONS[id])}
      />
    </div>
  );
}
