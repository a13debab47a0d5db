import { ENDED_STATES } from '../../../src/contract/outcome.ts';
import type { RunSummary } from '../../../src/contract/run-summary.ts';
import { isArchivable, isArchived, isCancellable, isDeletable, isResumable, isRetriable } from './acts.ts';

/** Of which run it is, and what decides what can be done with it. */
export interface Subject {
  readonly run: RunSummary;
  /** The turn that goes on, where that is known; undefined while none does. */
  readonly turnId?: string | undefined;
  /** Its budget is used up, where that is known: it goes on when that is raised (false). */
  readonly isOutOfBudget?: boolean;
}

interface Definition {
  readonly id: string;
  /** As menus, buttons and the palette say it; what asks first ends in `…`. */
  readonly label: string;
  /** Other words to find it by. */
  readonly words?: string;
  /** The keys that do it. None ends in one that answers a request when it comes too late. */
  readonly keys?: string;
  /** It takes something away (false). */
  readonly isGrave?: boolean;
  /** It changes nothing, so that a viewer may do it too (false). */
  readonly isForLooking?: boolean;
  /** Only where the run is open: what it needs to know stands in the journal (false). */
  readonly isOfOpenRun?: boolean;
  /** Menus leave it out: it has a place of its own on the screen of a run (false). */
  readonly hasOwnPlace?: boolean;
  readonly isFor: (subject: Subject) => boolean;
}

const isUnderWay = ({ run }: Subject) => !ENDED_STATES.includes(run.state);
const always = () => true;

/** All that one can do with a run, in the order in which it is offered: for menus, the palette and keys alike. */
const VERBS = [
  { id: 'pause', label: 'Pause', words: 'hold stop', keys: 'm p', isFor: ({ run }) => run.state === 'running' },
  {
    id: 'resume',
    label: 'Resume',
    words: 'go on continue',
    keys: 'm p',
    isFor: ({ run, isOutOfBudget = false }) => isResumable(run) && !isOutOfBudget,
  },
  {
    id: 'interrupt',
    label: 'Interrupt the turn',
    words: 'stop',
    isOfOpenRun: true,
    hasOwnPlace: true,
    isFor: ({ run, turnId }) => run.state === 'running' && turnId !== undefined,
  },
  {
    id: 'finish',
    label: 'Finish …',
    words: 'end done over',
    keys: 'm f',
    isFor: ({ run }) => run.state === 'running' || run.state === 'paused',
  },
  { id: 'retry', label: 'Run it again', words: 'retry repeat', keys: 'm r', isFor: ({ run }) => isRetriable(run) },
  { id: 'change', label: 'The same again, changed …', words: 'new run form', keys: 'm n', isFor: always },
  { id: 'budget', label: 'Change the budget …', words: 'limit', keys: 'm b', isOfOpenRun: true, isFor: isUnderWay },
  { id: 'archive', label: 'Archive', words: 'hide', keys: 'm h', isFor: ({ run }) => isArchivable(run) },
  { id: 'unarchive', label: 'Bring back from the archive', keys: 'm h', isFor: ({ run }) => isArchived(run) },
  { id: 'copyLink', label: 'Copy the link', words: 'address url', keys: 'm l', isForLooking: true, isFor: always },
  { id: 'copyId', label: 'Copy the id', isForLooking: true, hasOwnPlace: true, isFor: always },
  { id: 'exportMd', label: 'Download as Markdown', words: 'export', ...onItsPage() },
  { id: 'exportJson', label: 'Download as JSON', words: 'export', ...onItsPage() },
  {
    id: 'cancel',
    label: 'Cancel …',
    words: 'stop',
    keys: 'm c',
    isGrave: true,
    isFor: ({ run }) => isCancellable(run),
  },
  { id: 'delete', label: 'Delete', words: 'remove', keys: 'm x', isGrave: true, isFor: ({ run }) => isDeletable(run) },
] as const satisfies readonly Definition[];

export type VerbId = (typeof VERBS)[number]['id'];
export type Verb = Definition & { readonly id: VerbId };

export interface VerbsOptions {
  /** One may look only. */
  readonly looksOn: boolean;
  /** The run is the one that is open. */
  readonly isOpen: boolean;
}

/** What can be done with this run as it stands, by somebody who may do that. */
export function verbsFor(subject: Subject, { looksOn, isOpen }: VerbsOptions): readonly Verb[] {
  const all: readonly Verb[] = VERBS;
  return all.filter(
    ({ isForLooking = false, isOfOpenRun = false, isFor }) =>
      (isForLooking || !looksOn) && (isOpen || !isOfOpenRun) && isFor(subject),
  );
}

function onItsPage() {
  return { isForLooking: true, hasOwnPlace: true, isFor: always };
}
