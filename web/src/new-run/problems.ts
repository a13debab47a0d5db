import { launchOptionsSchema } from '../../../src/contract/launch-options.ts';
import { runSpecSchema } from '../../../src/contract/run-spec.ts';
import type { OptioError } from '../../../src/errors.ts';
import type { Draft, DraftField, Problems } from './draft.ts';
import { readPairs, readWords } from './pairs.ts';
import { isExposed, optionsOf, specOf, takesSeed } from './spec-of-draft.ts';

/** Where each part of what is sent stands in the form; the longest path that fits holds. */
const PLACES: Readonly<Record<string, DraftField>> = {
  instructions: 'prompt',
  workspace: 'directory',
  model: 'model',
  reasoningEffort: 'effort',
  provider: 'providerUrl',
  'provider.keyVariable': 'providerKey',
  'provider.contextWindow': 'contextWindow',
  seedId: 'seed',
  seedPool: 'pool',
  whenNoSeed: 'whenNoSeed',
  seedFallback: 'seedFallback',
  seedMode: 'seedMode',
  sandbox: 'sandbox',
  exposeLogin: 'exposesLogin',
  isolation: 'isolation',
  networkAccess: 'hosts',
  permissionGate: 'approvals',
  approvalPolicy: 'approvals',
  'budget.turns': 'turns',
  'budget.tokens': 'tokens',
  'budget.wallMs': 'minutes',
  budget: 'turns',
  endRule: 'endMinutes',
  name: 'name',
  priority: 'priority',
  metadata: 'tags',
  env: 'env',
  params: 'params',
  notBefore: 'beginAt',
  schedule: 'cron',
  'schedule.cron': 'cron',
};

/** What the schemas say of a number that is none does not help whoever types one. */
const SAID: Partial<Record<DraftField, string>> = {
  turns: 'Give a whole number above 0.',
  tokens: 'Give a whole number above 0.',
  minutes: 'Give minutes above 0.',
  endMinutes: 'Give minutes above 0; 24 days at most.',
  contextWindow: 'Give a whole number of tokens.',
  priority: 'Give a whole number.',
};

/** What is wrong with a draft, by its fields: checked as the server does, before anything is sent. */
export function problemsOf(draft: Draft, now = Date.now()): Problems {
  const problems: Problems = {};
  const add = (field: DraftField | 'other', message: string) => {
    problems[field] ??= message;
  };
  if (draft.prompt.trim() === '') add('prompt', 'Say what Codex should do.');
  if (draft.workspace !== 'fresh' && draft.directory.trim() === '') add('directory', 'Name a directory.');
  else if (draft.workspace !== 'fresh' && !draft.directory.trim().startsWith('/'))
    add('directory', 'Give the whole path, from / on.');
  if (draft.provider === 'other' && draft.model.trim() === '' && !draft.kept.spec.useConfig?.includes('model'))
    add('model', 'Name a model: another provider does not choose one by itself.');
  if (takesSeed(draft) && draft[draft.login === 'seed' ? 'seed' : 'pool'].trim() === '')
    add(draft.login === 'seed' ? 'seed' : 'pool', draft.login === 'seed' ? 'Name a seed.' : 'Name a pool.');
  if (draft.network === 'hosts' && draft.sandbox !== 'danger-full-access' && readWords(draft.hosts).length === 0)
    add('hosts', 'Name a host at least, or turn the network off.');
  if (draft.sandbox === 'danger-full-access' && draft.provider === 'openai' && !isExposed(draft))
    add('exposesLogin', 'Full access is refused for a run that holds a login, unless you insist.');
  for (const field of ['tags', 'env'] as const) {
    const { wrong } = readPairs(draft[field]);
    if (wrong !== undefined) add(field, `“${wrong}” is not NAME=VALUE.`);
  }
  if (draft.begin === 'later' && !(Date.parse(draft.beginAt) > now))
    add('beginAt', 'Give a time that is still to come.');
  if (draft.begin === 'repeatedly' && draft.cron.trim() === '') add('cron', 'Give a schedule, such as 0 6 * * 1-5.');
  const { rules: _, requests: __, retry: ___, ttlMs: ____, notBefore: _____, ...launch } = optionsOf(draft);
  for (const { error } of [runSpecSchema.safeParse(specOf(draft)), launchOptionsSchema.safeParse(launch)]) {
    for (const { path, message } of error?.issues ?? []) {
      const field = placeOf(path.join('.'));
      add(field, SAID[field as DraftField] ?? sentence(field === 'other' ? `${path.join('.')}: ${message}` : message));
    }
  }
  return problems;
}

/** Of what is wrong, what one is told while typing: what was wrong when one tried to launch it, for as long as it is. */
export function shownProblems(found: Problems, tried: Problems): Problems {
  const told = Object.entries(found).filter(([field]) => field in tried);
  return Object.fromEntries(told) as Problems;
}

/** The field that a server means by what it has refused; `other` where there is none. */
export function placeOf(path: string): DraftField | 'other' {
  const steps = path.replace(/^(spec|options|config)\./, '').split('.');
  for (let length = steps.length; length > 0; length--) {
    const field = PLACES[steps.slice(0, length).join('.')];
    if (field) return field;
  }
  return 'other';
}

/** What a server has refused, at its field: what is wrong, and what to do about it. */
export function problemsOfError({ code, message, remedy, details }: OptioError, draft: Draft): Problems {
  const isOfPlace = code === 'workspace-refused' && draft.workspace !== 'fresh';
  const { field = isOfPlace ? 'workspace' : '' } = details;
  const place = field === '' ? 'other' : placeOf(field);
  const bare = place !== 'other' && message.startsWith(`${field}: `) ? message.slice(field.length + 2) : message;
  return { [place]: [sentence(bare), remedy].filter(Boolean).join(' ') };
}

function sentence(text: string): string {
  const capital = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(capital) ? capital : `${capital}.`;
}
