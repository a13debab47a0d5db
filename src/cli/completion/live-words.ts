import type { OptioApi } from '../../contract/api.ts';
import { subjectOf } from '../requests/request-line.ts';
import { oneLine } from '../terminal/text.ts';
import { describeState } from '../views/run-table.ts';
import type { Candidate, LiveWords } from './completion-words.ts';

/** More than anybody would choose from. */
const MAX_RUNS = 100;

/** What a server knows: runs, tasks and requests. */
export function liveWordsOf(api: OptioApi): LiveWords {
  return async (kind) => {
    if (kind === 'run') return runs(api);
    if (kind === 'task') return (await api.tasks()).map(({ id, name }) => ({ word: id, about: oneLine(name, 60) }));
    return kind === 'request' ? requests(api) : [];
  };
}

async function runs(api: OptioApi): Promise<Candidate[]> {
  const { runs: newest } = await api.list({ limit: MAX_RUNS });
  if (newest.length === 0) return [];
  const abouts = newest.map((run) => ({ ...run, about: `${describeState(run)}  ${oneLine(run.name, 60)}` }));
  const names = [...new Set(newest.map(({ name }) => name))].map((word) => ({ word, about: 'the run of this name' }));
  return [
    { word: '@last', about: 'the newest run' },
    ...abouts.map(({ id, about }) => ({ word: id, about })),
    ...names,
  ];
}

async function requests(api: OptioApi): Promise<Candidate[]> {
  const open = await api.requests();
  return open.map(({ request }) => ({
    word: request.id,
    about: `${request.kind}  ${oneLine(subjectOf(request), 60)}`,
  }));
}
