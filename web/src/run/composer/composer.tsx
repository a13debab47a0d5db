import { ENDED_STATES, type RunState } from '../../../../src/contract/outcome.ts';
import type { RunView } from '../../../../src/contract/view.ts';
import { LOOK_ONLY, useLooksOn } from '../../design/looking-on.ts';
import type { Journal } from '../../live/journal.ts';
import { useStore } from '../../live/store.ts';
import styles from './composer.module.css';
import { useDraft } from './draft.ts';
import { EndedRun } from './ended-run.tsx';
import { MessageBox } from './message-box.tsx';
import { hasToWait, runningTurn } from './queue.ts';
import { useQueue } from './use-queue.ts';

/** Where one writes to the agent; once its run is over, what one can do instead. */
export function Composer({ journal, state }: { readonly journal: Journal; readonly state: RunState }) {
  useStore(journal.shown);
  const queue = useQueue(journal);
  const [draft, setDraft] = useDraft(journal.runId);
  const looksOn = useLooksOn();
  const { view } = journal;
  if (looksOn) return <LooksOn />;
  if (ENDED_STATES.includes(state)) return <EndedRun runId={journal.runId} queue={queue} draft={draft} />;
  return (
    <MessageBox
      runId={journal.runId}
      queue={queue}
      draft={draft}
      onDraft={setDraft}
      turnId={runningTurn(view)}
      waitsFor={waitsFor(view)}
      hasToWait={hasToWait(view)}
      sentBefore={sentBefore(view)}
    />
  );
}

function LooksOn() {
  return (
    <div className={styles.composer}>
      <p className={styles.ended}>{LOOK_ONLY}.</p>
    </div>
  );
}

function waitsFor(view: RunView): string {
  if (view.state === 'paused') return 'until the run is resumed';
  if (view.state === 'cancelling') return 'and will not be sent: the run is stopping';
  if (view.session === null || view.state !== 'running') return 'until the run is under way';
  return runningTurn(view) === undefined ? 'to be sent' : 'for the end of the turn';
}

function sentBefore({ messages, messageOrder }: RunView): string[] {
  return messageOrder.flatMap((id) => messages[id]?.text ?? []);
}
