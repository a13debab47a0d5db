import { ENDED_STATES, type RunState } from '../../../src/contract/outcome.ts';
import type { RunFilter } from '../../../src/contract/run-query.ts';
import type { RunSummary } from '../../../src/contract/run-summary.ts';
import type { SearchQuery } from '../../../src/contract/search.ts';
import { SHOWN_STATES, type ShownState, shownState } from '../design/shown-state.ts';

/** Which runs of the list one wants to see. In the address it has the names that the API has for it. */
export interface Filter {
  /** One of these, as one sees it; any when there are none. */
  readonly states: readonly ShownState[];
  readonly task: string | null;
  /** `NAME:VALUE`; each of them has to hold. */
  readonly tags: readonly string[];
  /** Only those that wait for an answer. */
  readonly isWaiting: boolean;
  /** Those in the archive, in the place of all others. */
  readonly isArchived: boolean;
  /** Words that have to occur in what one sees of it, in upper or lower case. */
  readonly search: string;
  /** It is one text, and looked for in what was said in the runs. */
  readonly isSaid: boolean;
}

/** What an address says where it is not looked for names. */
const IN_SAID = 'said';

export const NO_FILTER: Filter = {
  states: [],
  task: null,
  tags: [],
  isWaiting: false,
  isArchived: false,
  search: '',
  isSaid: false,
};

export function readFilter(address: URLSearchParams): Filter {
  const states = SHOWN_STATES.filter((state) => address.getAll('state').includes(state));
  return {
    states,
    task: address.get('task'),
    tags: address.getAll('tag').filter((tag) => tag.indexOf(':') > 0),
    isWaiting: address.get('waiting') === 'true',
    isArchived: address.get('archived') === 'true',
    search: address.get('search') ?? '',
    isSaid: address.get('in') === IN_SAID,
  };
}

/** The address with this filter in the place of its own; whatever else it says stays. */
export function withFilter(address: URLSearchParams, filter: Filter): URLSearchParams {
  const written = new URLSearchParams(address);
  for (const name of ['state', 'task', 'tag', 'waiting', 'archived', 'search', 'in']) written.delete(name);
  for (const state of filter.states) written.append('state', state);
  if (filter.task !== null) written.set('task', filter.task);
  for (const tag of filter.tags) written.append('tag', tag);
  if (filter.isWaiting) written.set('waiting', 'true');
  if (filter.isArchived) written.set('archived', 'true');
  if (filter.search !== '') written.set('search', filter.search);
  if (filter.isSaid) written.set('in', IN_SAID);
  return written;
}

export function isEmpty({ states, task, tags, isWaiting, isArchived, search }: Filter): boolean {
  const isAny = states.length === 0 && task === null && tags.length === 0 && !isWaiting && !isArchived;
  return isAny && search.trim() === '';
}

export function matches(
  run: RunSummary,
  { states, task, tags, isWaiting, isArchived, search, isSaid }: Filter,
): boolean {
  if ((run.archivedAt !== null) !== isArchived) return false;
  if (states.length > 0 && !states.includes(isWaiting ? run.state : shownState(run))) return false;
  if (task !== null && run.taskId !== task) return false;
  if (isWaiting && run.openRequests === 0) return false;
  if (tags.length > 0) {
    const own = tagsOf(run);
    if (!tags.every((tag) => own.includes(tag))) return false;
  }
  const words = isSaid ? [] : wordsOf(search);
  if (words.length === 0) return true;
  const text = textOf(run);
  return words.every((word) => text.includes(word));
}

/**
 * What to ask the server for of runs that have ended; null when none can be like that. It looks for one text in names and ids
 * only, so what it gives may have to be looked through once more, and is not all that `matches` would find.
 */
export function toQuery(filter: Filter): RunFilter | null {
  const { states, isWaiting, search } = filter;
  const ended = ENDED_STATES.filter((state) => states.length === 0 || states.includes(state));
  const narrow = toFilter(filter);
  if (ended.length === 0 || isWaiting || !narrow) return null;
  const [longest] = wordsOf(search).sort((a, b) => b.length - a.length);
  return { ...narrow, states: [...ended], ...(longest !== undefined && { search: longest.slice(0, 200) }) };
}

/** How much of what one types is looked for in what was said: so much an address takes. */
const MOST_SAID = 1_000;

/** What to ask the server for where it is looked for what was said; null where nothing is, or no run can be like that. */
export function toSearchQuery(filter: Filter): SearchQuery | null {
  const { states, isWaiting, isSaid } = filter;
  const text = filter.search.trim().slice(0, MOST_SAID);
  const narrow = toFilter(filter);
  if (!isSaid || text === '' || !narrow) return null;
  return {
    text,
    ...narrow,
    ...(states.length > 0 && { states: states.map(knownState) }),
    ...(isWaiting && { isWaiting }),
  };
}

/** The server does not tell apart what the page shows apart of those that go on. */
function knownState(state: ShownState): RunState {
  return state === 'idle' || state === 'waiting' ? 'running' : state;
}

/** What the server filters by of it; null when no run can be like that. */
function toFilter({ task, tags, isArchived }: Filter): Pick<RunFilter, 'isArchived' | 'taskId' | 'metadata'> | null {
  const pairs = tags.map((tag) => [tag.slice(0, tag.indexOf(':')), tag.slice(tag.indexOf(':') + 1)] as const);
  const metadata = Object.fromEntries(pairs);
  const hasTwoOfOne = Object.keys(metadata).length < new Set(tags).size;
  if (hasTwoOfOne) return null;
  return { isArchived, ...(task !== null && { taskId: task }), ...(tags.length > 0 && { metadata }) };
}

/** The tags of a run as one filters by them. */
export function tagsOf({ metadata }: Pick<RunSummary, 'metadata'>): string[] {
  return Object.entries(metadata).map(([name, value]) => `${name}:${value}`);
}

function wordsOf(search: string): string[] {
  return search.toLowerCase().split(/\s+/).filter(Boolean);
}

function textOf(run: RunSummary): string {
  const { id, name, taskId, host, digest, error } = run;
  return [id, name, taskId, host, digest.model, digest.activity, error?.message, ...tagsOf(run)]
    .filter(Boolean)
    .join('\n')
    .toLowerCase();
}
