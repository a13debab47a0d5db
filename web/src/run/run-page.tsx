import { PanelRight } from 'lucide-react';
import { lazy, Suspense, useCallback, useEffect, useState } from 'react';
import { Button } from '../design/button.tsx';
import { STATE_WORDS } from '../design/shown-state.ts';
import { asPanel, type Tab, TabList, TabPanel } from '../design/tabs.tsx';
import { useMedia, WIDE } from '../design/use-media.ts';
import type { WantedFile } from '../files/wanted-file.ts';
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
  // Whoever begins at its address has it open by now: it is drawn with all else then.
  const [journal, setJournal] = useState(() => (feed.journal?.runId === runId ? feed.journal : undefined));
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
  const known = useStore(journal.isCaughtUp) ? view.state : (summary?.state ?? outcome?.status);
  const state = known ?? view.state;
  const isWaiting = Object.values(view.requests).some((request) => request.state === 'open');
  const isIdle = state === 'running' && summary?.digest.isIdle === true;
  const shownNow = known && (isWaiting ? 'waiting' : isIdle ? 'idle' : known);
  const name = summary?.name ?? runId;
  useTitle(shownNow ? `${STATE_WORDS[shownNow]}: ${name}` : name);
  const hasRelatives = useHasRelatives(summary);
  const shown = chosen === 'runs' && !hasRelatives ? 'changes' : chosen;
  const hasPanel = shown !== 'transcript';
  const [wanted, setWanted] = useState<WantedFile | null>(null);
  const showFile = useCallback((path: string) => {
    setWanted({ path });
    setShown('files');
  }, []);
  usePanelCommands({ shown, hasRelatives, show });
  return (
    <div className={styles.page}>
      <RunHeader runId={runId} view={view} state={state} shown={shownNow} summary={summary} />
      {!isWide && <PanelTabs hasTranscript hasRelatives={hasRelatives} shown={shown} onShow={show} />}
      <div className={styles.body} data-panel={isWide && hasPanel}>
        <div className={styles.conversation} hidden={!isWide && hasPanel} {...(!isWide && asPanel('transcript'))}>
          <Transcript journal={journal} onShowFile={showFile} />
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
                <PanelTabs hasRelatives={hasRelatives} shown={shown} onShow={show} />
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
            <PanelContent journal={journal} shown={shown} wanted={wanted} />
          </aside>
        )}
      </div>
    </div>
  );
}

interface PanelTabsProps {
  readonly hasTranscript?: boolean;
  /** It has begun others, or was begun by one. */
  readonly hasRelatives: boolean;
  readonly shown: Shown;
  readonly onShow: (shown: Shown) => void;
}

const TRANSCRIPT: Tab<Shown> = { value: 'transcript', label: 'Transcript' };

function PanelTabs({ hasTranscript = false, hasRelatives, shown, onShow }: PanelTabsProps) {
  const panels: readonly Tab<Shown>[] = panelsOf(hasRelatives);
  return (
    <TabList
      label="Parts of this run"
      tabs={hasTranscript ? [TRANSCRIPT, ...panels] : panels}
      shown={shown}
      onShow={onShow}
      className={styles.tabs}
      tabClassName={styles.tab}
    />
  );
}

interface PanelContentProps {
  readonly journal: Journal;
  readonly shown: Shown;
  readonly wanted: WantedFile | null;
}

function PanelContent({ journal, shown, wanted }: PanelContentProps) {
  // What is known of a run before its journal is there would be wrong: that it has no workspace, for one.
  const isKnown = useStore(journal.isCaughtUp);
  if (shown === 'transcript') return null;
  return (
    <div className={styles.panelBody}>
      <TabPanel key={shown} value={shown} className={shown === 'files' ? styles.whole : undefined}>
        {isKnown && <Panel journal={journal} shown={shown} wanted={wanted} />}
      </TabPanel>
    </div>
  );
}

function Panel({ journal: { runId, view }, shown, wanted }: PanelContentProps) {
  switch (shown) {
    case 'changes':
      return <ChangesPanel runId={runId} view={view} />;
    case 'plan':
      return <PlanPanel plan={view.plan} />;
    case 'files':
      return (
        <Suspense fallback={null}>
          <FilesPanel runId={runId} view={view} wanted={wanted} />
        </Suspense>
      );
    case 'log':
      return <LogPanel />;
    case 'runs':
      return <RunsPanel runId={runId} />;
    case 'details':
      return <DetailsPanel runId={runId} view={view} />;
    default:
      return null;
  }
}
