import { Tabs } from '@base-ui/react/tabs';
import { PanelRight } from 'lucide-react';
import { lazy, Suspense, useEffect, useState } from 'react';
import { Button } from '../design/button.tsx';
import { STATE_WORDS } from '../design/shown-state.ts';
import { useMedia, WIDE } from '../design/use-media.ts';
import { useTitle } from '../frame/title.ts';
import { feed } from '../live/api.ts';
import type { Journal } from '../live/journal.ts';
import { useStore } from '../live/store.ts';
import { Composer } from './composer/composer.tsx';
import { RunHeader } from './header/run-header.tsx';
import { MissingRun } from './missing-run.tsx';
import { ChangesPanel } from './panel/changes-panel.tsx';
import { DetailsPanel } from './panel/details-panel.tsx';
import { LogPanel } from './panel/log-panel.tsx';
import { PlanPanel } from './panel/plan-panel.tsx';
import { RunsPanel } from './panel/runs-panel.tsx';
import { keepPanel, panelBefore, panelsOf, type Shown } from './panel/tabs.ts';
import { usePanelCommands } from './panel/use-panel-commands.ts';
import styles from './run-page.module.css';
import { Transcript } from './transcript/transcript.tsx';
import { useHasRelatives } from './use-relatives.ts';
import { useSummary } from './use-summary.ts';

const FilesPanel = lazy(() => import('../files/files-panel.tsx').then((module) => ({ default: module.FilesPanel })));

/** A run: what happened in it, from its first event on, and what one can do. */
export function RunPage({ runId }: { readonly runId: string }) {
  const [journal, setJournal] = useState<Journal>();
  useEffect(() => setJournal(feed.open(runId)), [runId]);
  const missing = useStore(feed.missing);
  if (missing === runId) return <MissingRun runId={runId} />;
  return journal ? <OpenRun journal={journal} /> : null;
}

/** The transcript, with a panel beside it where there is room, and in its place where there is none. */
function OpenRun({ journal }: { readonly journal: Journal }) {
  useStore(journal.shown);
  const isWide = useMedia(WIDE);
  const [chosen, setShown] = useState<Shown>(() => (isWide ? panelBefore() : 'transcript'));
  const show = (next: Shown) => {
    setShown(next);
    if (isWide) keepPanel(next);
  };
  const { runId, view } = journal;
  const summary = useSummary(runId);
  // What its journal says of it is out of date until all of that is there.
  const outcome = useStore(journal.end)?.view.outcome;
  const state = useStore(journal.isCaughtUp) ? view.state : (summary?.state ?? outcome?.status ?? view.state);
  const isWaiting = Object.values(view.requests).some((request) => request.state === 'open');
  const isIdle = state === 'running' && summary?.digest.isIdle === true;
  const shownNow = isWaiting ? 'waiting' : isIdle ? 'idle' : state;
  useTitle(`${STATE_WORDS[shownNow]}: ${summary?.name ?? runId}`);
  const hasRelatives = useHasRelatives(summary);
  const shown = chosen === 'runs' && !hasRelatives ? 'changes' : chosen;
  const hasPanel = shown !== 'transcript';
  usePanelCommands({ shown, hasRelatives, show });
  return (
    <Tabs.Root className={styles.page} value={shown} onValueChange={(value) => show(value as Shown)}>
      <RunHeader runId={runId} view={view} state={state} shown={shownNow} summary={summary} />
      {!isWide && <PanelTabs hasTranscript hasRelatives={hasRelatives} />}
      <div className={styles.body} data-panel={isWide && hasPanel}>
        <div className={styles.conversation} hidden={!isWide && hasPanel}>
          <Transcript journal={journal} />
          <Composer journal={journal} state={state} />
        </div>
        {isWide && !hasPanel && (
          <Button
            className={styles.opener}
            kind="quiet"
            isIcon
            aria-label="Show changes, plan, files and details"
            title="Show changes, plan, files and details"
            onClick={() => show('changes')}
          >
            <PanelRight size={16} aria-hidden />
          </Button>
        )}
        {hasPanel && (
          <aside className={styles.panel} aria-label="About this run">
            {isWide && (
              <div className={styles.panelHead}>
                <PanelTabs hasRelatives={hasRelatives} />
                <Button
                  kind="quiet"
                  isIcon
                  aria-label="Hide the panel"
                  title="Hide the panel"
                  onClick={() => show('transcript')}
                >
                  <PanelRight size={16} aria-hidden />
                </Button>
              </div>
            )}
            <PanelContent journal={journal} />
          </aside>
        )}
      </div>
    </Tabs.Root>
  );
}

interface PanelTabsProps {
  readonly hasTranscript?: boolean;
  /** It has begun others, or was begun by one. */
  readonly hasRelatives: boolean;
}

function PanelTabs({ hasTranscript = false, hasRelatives }: PanelTabsProps) {
  return (
    <Tabs.List className={styles.tabs} aria-label="Parts of this run">
      {hasTranscript && (
        <Tabs.Tab className={styles.tab} value="transcript">
          Transcript
        </Tabs.Tab>
      )}
      {panelsOf(hasRelatives).map(({ value, label }) => (
        <Tabs.Tab key={value} className={styles.tab} value={value}>
          {label}
        </Tabs.Tab>
      ))}
    </Tabs.List>
  );
}

function PanelContent({ journal: { runId, view } }: { readonly journal: Journal }) {
  return (
    <div className={styles.panelBody}>
      <Tabs.Panel value="changes">
        <ChangesPanel runId={runId} view={view} />
      </Tabs.Panel>
      <Tabs.Panel value="plan">
        <PlanPanel plan={view.plan} />
      </Tabs.Panel>
      <Tabs.Panel value="files" className={styles.whole}>
        <Suspense fallback={null}>
          <FilesPanel runId={runId} view={view} />
        </Suspense>
      </Tabs.Panel>
      <Tabs.Panel value="log">
        <LogPanel />
      </Tabs.Panel>
      <Tabs.Panel value="runs">
        <RunsPanel runId={runId} />
      </Tabs.Panel>
      <Tabs.Panel value="details">
        <DetailsPanel runId={runId} view={view} />
      </Tabs.Panel>
    </div>
  );
}
