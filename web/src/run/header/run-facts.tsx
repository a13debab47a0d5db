import { ENDED_STATES } from '../../../../src/contract/outcome.ts';
import type { RunSummary } from '../../../../src/contract/run-summary.ts';
import type { RunView } from '../../../../src/contract/view.ts';
import { grouped } from '../../design/figures.ts';
import { countInWords, durationInWords } from '../../design/in-words.ts';
import { useLooksOn } from '../../design/looking-on.ts';
import { Meter } from '../../design/meter.tsx';
import { full } from '../../design/moment.ts';
import { useNow } from '../../design/ticking.ts';
import { feed } from '../../live/api.ts';
import { useStore } from '../../live/store.ts';
import { ModelControl } from './model-control.tsx';
import { type RateLimit, windowInWords } from './rate-limits.ts';
import styles from './run-header.module.css';
import { sandboxSummary } from './sandbox-summary.ts';
import { hasTask, TaskName } from './task-name.tsx';

export interface RunFactsProps {
  readonly runId: string;
  readonly view: RunView;
  readonly summary: RunSummary | undefined;
}

/** What one wants to know of a run at a glance, in a line. */
export function RunFacts({ runId, view, summary }: RunFactsProps) {
  const { session, controls, state } = view;
  const isOver = ENDED_STATES.includes(state);
  const looksOn = useLooksOn();
  const isLive = !looksOn && session !== null && (state === 'running' || state === 'paused');
  return (
    <ul className={styles.facts} aria-label="About this run">
      {summary && hasTask(summary.taskId) && (
        <li>
          <TaskName taskId={summary.taskId} />
        </li>
      )}
      {session && (
        <li className={styles.workspace} title={`Workspace: ${session.workspace.path} (${session.workspace.kind})`}>
          <code>{session.workspace.path.split('/').at(-1)}</code>
          {summary && ` on ${summary.host}`}
        </li>
      )}
      {session && <li title="How its commands are confined">{sandboxSummary(session.sandbox)}</li>}
      {controls && (
        <li>
          <ModelControl runId={runId} controls={controls} isLive={isLive} />
        </li>
      )}
      {view.startedAt !== null && (
        <li title={view.outcome ? 'From its beginning to its end' : 'How long it was under way; pauses do not count'}>
          {view.outcome ? (
            durationInWords(view.outcome.durationMs)
          ) : view.activeSince === null ? (
            durationInWords(view.activeMs)
          ) : (
            <Elapsed view={view} />
          )}
        </li>
      )}
      <Tokens view={view} summary={summary} />
      {!isOver && <Limits />}
    </ul>
  );
}

function Elapsed({ view: { activeMs, activeSince } }: { readonly view: RunView }) {
  const now = useNow();
  return <>{durationInWords(activeMs + (activeSince === null ? 0 : Math.max(0, now - Date.parse(activeSince))))}</>;
}

function Tokens({ view, summary }: Pick<RunFactsProps, 'view' | 'summary'>) {
  const used = Object.values(view.tokens).reduce((sum, tokens) => sum + tokens, 0);
  const { contextTokens = null, contextWindow = null } = summary?.digest ?? {};
  const window = contextWindow ?? view.contextWindow;
  return (
    <>
      {used > 0 && <li title={`${grouped(used)} tokens used in all`}>{countInWords(used)} tokens</li>}
      {contextTokens !== null && window !== null && window > 0 && (
        <li>
          <Meter
            share={contextTokens / window}
            label={`${grouped(contextTokens)} of ${grouped(window)} tokens of the context`}
          />{' '}
          {Math.round((100 * contextTokens) / window)} % context
        </li>
      )}
    </>
  );
}

function Limits() {
  const limits = useStore(feed.limits);
  if (!limits) return null;
  return (
    <>
      <Limit limit={limits.primary} />
      <Limit limit={limits.secondary} />
    </>
  );
}

function Limit({ limit }: { readonly limit: RateLimit | null }) {
  if (!limit) return null;
  const anew = limit.resetsAt === null ? '' : `; anew ${full(limit.resetsAt)}`;
  return (
    <li data-grave={limit.usedPercent >= 90} title={`Of what the login may use, as its provider told${anew}`}>
      {Math.round(limit.usedPercent)} % of the {windowInWords(limit.windowMinutes)}
    </li>
  );
}
