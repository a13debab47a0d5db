import { useLocation } from 'wouter';
import type { RunSummary } from '../../../src/contract/run-summary.ts';
import { toasts } from '../design/toast.ts';
import { api, base, feed } from '../live/api.ts';
import { question } from './questions.ts';
import { archiveRuns, deletions, pauseRuns, resumeRuns, retryRuns, unarchiveRuns } from './run-acts.ts';
import type { Subject, VerbId } from './verbs.ts';

/** What does one of the `verbsFor` a run. What goes wrong is told in a corner of the page; it never rejects. */
export function useDoVerb(): (verb: VerbId, subject: Subject) => Promise<void> {
  const [path, navigate] = useLocation();
  return async (verb, subject) => {
    const { run } = subject;
    try {
      await doVerb(verb, subject, { navigate, isOpen: path === `/runs/${run.id}` });
    } catch (thrown) {
      toasts.failed(`“${run.name}” ${FAILURES[verb]}`, thrown);
    }
  };
}

interface Around {
  readonly navigate: (address: string) => void;
  /** Its screen is shown: there one sees by itself what has become of it. */
  readonly isOpen: boolean;
}

async function doVerb(verb: VerbId, { run, turnId }: Subject, { navigate, isOpen }: Around): Promise<void> {
  const { id } = run;
  switch (verb) {
    case 'pause':
      return isOpen ? api.runOf(id).pause() : pauseRuns([run]);
    case 'resume':
      return isOpen ? api.runOf(id).resume() : resumeRuns([run]);
    case 'interrupt':
      return api.runOf(id).interrupt(turnId === undefined ? {} : { turnId });
    case 'finish':
      return question.set({ kind: 'finish', run });
    case 'retry': {
      if (!isOpen) return retryRuns([run]);
      return navigate(`/runs/${(await api.runOf(id).retry()).id}`);
    }
    case 'change':
      return navigate(`/new?from=${encodeURIComponent(id)}`);
    case 'budget': {
      const { journal } = feed;
      if (journal?.runId === id) question.set({ kind: 'budget', runId: id, view: journal.view });
      return;
    }
    case 'archive':
      return archiveRuns([run]);
    case 'unarchive':
      return unarchiveRuns([run]);
    case 'copyLink':
      return copy(`${location.origin}${base}/runs/${id}`, 'The link was copied');
    case 'copyId':
      return copy(id, 'The id was copied');
    case 'exportMd':
      return download(run, 'md');
    case 'exportJson':
      return download(run, 'json');
    case 'cancel':
      return question.set({ kind: 'cancel', runs: [run] });
    case 'delete':
      deletions.begin([run]);
      return isOpen ? navigate('/') : undefined;
  }
}

const FAILURES: Readonly<Record<VerbId, string>> = {
  pause: 'could not be paused',
  resume: 'could not be resumed',
  interrupt: 'could not be interrupted',
  finish: 'could not be finished',
  retry: 'could not be launched once more',
  change: 'could not be changed',
  budget: 'could not be given another budget',
  archive: 'could not be archived',
  unarchive: 'could not be brought back',
  copyLink: 'could not be copied',
  copyId: 'could not be copied',
  exportMd: 'could not be downloaded',
  exportJson: 'could not be downloaded',
  cancel: 'could not be cancelled',
  delete: 'could not be deleted',
};

async function copy(text: string, done: string): Promise<void> {
  await navigator.clipboard.writeText(text);
  toasts.done(done, { detail: text });
}

function download({ id }: RunSummary, format: 'md' | 'json'): void {
  const link = document.createElement('a');
  link.href = `${base}/api/runs/${encodeURIComponent(id)}/export?format=${format}`;
  link.download = `${id}.${format}`;
  link.click();
}
