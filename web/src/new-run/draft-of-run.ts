import type { Budget } from '../../../src/contract/budget.ts';
import { quickName } from '../../../src/contract/quick-name.ts';
import type { RunSpec } from '../../../src/contract/run-spec.ts';
import type { RunDetails } from '../../../src/contract/run-summary.ts';
import type { TaskDefinition, TaskDetails } from '../../../src/contract/task-definition.ts';
import { type Draft, EMPTY_DRAFT } from './draft.ts';
import { writePairs } from './pairs.ts';
import { writeSeedChoices } from './seed-choices.ts';

/** A draft that was made of something else, and what could not be taken over. */
export interface TakenOver {
  readonly draft: Draft;
  readonly notes: readonly string[];
}

/** What stands in the place of the values of variables, which nobody is shown. */
const HIDDEN = '(hidden)';
const DEMO_TAG = 'optio-codex';
const MINUTE_MS = 60_000;

/** The same again. Of a run of a program's own task there is nothing to take. */
export function draftOfRun(run: RunDetails): TakenOver {
  const definition = run.definition as Partial<TaskDefinition> | null;
  if (!definition?.config) {
    return {
      draft: EMPTY_DRAFT,
      notes: ['That run is of a task that a program has defined: there is nothing to take over from it.'],
    };
  }
  const { [DEMO_TAG]: demo, ...metadata } = run.metadata;
  const isDemo = demo === 'demo';
  const taken = draftOf(
    {
      ...definition,
      metadata,
      ...(run.budget && { budget: run.budget }),
      ...((run.params ?? undefined) !== undefined && { params: run.params }),
    },
    isDemo,
  );
  const isNamed = run.name !== quickName(taken.draft.prompt) && run.name !== run.taskId;
  const draft = {
    ...taken.draft,
    name: isNamed ? run.name : '',
    priority: run.priority === 0 ? '' : String(run.priority),
  };
  return isDemo
    ? { draft, notes: [...taken.notes, 'That was a demo, whose model is gone: another one is taken.'] }
    : { ...taken, draft };
}

/** A task as a template. */
export function draftOfTask(task: Pick<TaskDetails, 'name' | 'definition'>): TakenOver {
  const definition = task.definition as Partial<TaskDefinition> | null;
  if (!definition?.config) {
    return { draft: EMPTY_DRAFT, notes: [`“${task.name}” was defined by a program: launch it on its own page.`] };
  }
  return draftOf(definition, false);
}

function draftOf(definition: Partial<TaskDefinition>, isDemo: boolean): TakenOver {
  const spec = definition.config as RunSpec;
  const { sandbox = 'workspace-write', isolation = 'standard', networkAccess = false } = spec;
  const provider = isDemo ? undefined : spec.provider;
  const hidden = Object.entries(spec.env ?? {}).flatMap(([name, value]) => (value === HIDDEN ? [name] : []));
  // Empty they would be sent as empty, in the place of what nobody here knows.
  const env = Object.fromEntries(Object.entries(spec.env ?? {}).filter(([name]) => !hidden.includes(name)));
  const { rules, retry, ttlMs } = definition;
  const { webhook, ...others } = definition.requests ?? {};
  const isWebhookHidden = webhook?.url.endsWith(HIDDEN) ?? false;
  const requests = isWebhookHidden ? (Object.keys(others).length > 0 ? others : undefined) : definition.requests;
  const draft: Draft = {
    ...EMPTY_DRAFT,
    prompt: spec.instructions,
    ...workspaceFields(spec),
    model: isDemo ? '' : (spec.model ?? ''),
    effort: spec.reasoningEffort ?? '',
    provider: provider ? 'other' : 'openai',
    providerUrl: provider?.baseUrl ?? '',
    providerKey: provider?.keyVariable ?? '',
    contextWindow: text(provider?.contextWindow),
    ...loginFields(spec),
    sandbox,
    exposesLogin: spec.exposeLogin ?? false,
    isolation,
    network: Array.isArray(networkAccess) ? 'hosts' : networkAccess ? 'all' : 'off',
    hosts: Array.isArray(networkAccess) ? networkAccess.join('\n') : '',
    approvals: spec.approvalPolicy ?? (spec.permissionGate ? 'on-request' : 'never'),
    ...budgetFields(definition.budget),
    ...endFields(spec),
    tags: writePairs(definition.metadata ?? {}),
    env: writePairs(env),
    params: paramsOf(definition.params),
    kept: {
      spec: keptOf(spec, isDemo),
      options: {
        ...(rules && { rules }),
        ...(requests && { requests }),
        ...(retry && { retry: retry as NonNullable<Draft['kept']['options']['retry']> }),
        ...(ttlMs !== undefined && { ttlMs }),
        ...((definition.params ?? undefined) !== undefined && { params: definition.params }),
      },
    },
  };
  const notes: string[] = [];
  if (hidden.length > 0) {
    const [names, they] = [hidden.join(', '), hidden.length === 1 ? 'it' : 'them'];
    notes.push(
      `The value of ${names} is shown to nobody, so this run does not get ${they}. Give ${they} anew, under “More”.`,
    );
  }
  if (isWebhookHidden) notes.push('The address of its webhook is shown to nobody, so this run calls none.');
  return { draft, notes };
}

/** What has no field of its own here. */
function keptOf(spec: RunSpec, isDemo: boolean): Partial<RunSpec> {
  const { instructions: _, autoStart: __, endRule: ___, model: ____, reasoningEffort: _____, ...others } = spec;
  const {
    sandbox: _s,
    isolation: _i,
    networkAccess: _n,
    permissionGate: _g,
    approvalPolicy: _p,
    env: _e,
    exposeLogin: _x,
    seedId: _si,
    seedPool: _sp,
    whenNoSeed: _wn,
    seedFallback: _sf,
    seedMode: _sm,
    ...rest
  } = others;
  const { provider, workspace, ...kept } = rest;
  return {
    ...kept,
    ...(provider && !isDemo && { provider }),
    ...('fresh' in workspace && { workspace }),
  };
}

function workspaceFields({ workspace }: RunSpec): Pick<Draft, 'workspace' | 'directory' | 'isShared'> {
  if ('worktree' in workspace) return { workspace: 'worktree', directory: workspace.worktree, isShared: false };
  if ('directory' in workspace)
    return { workspace: 'directory', directory: workspace.directory, isShared: workspace.shared ?? false };
  return { workspace: 'fresh', directory: '', isShared: false };
}

function loginFields(spec: RunSpec): Partial<Draft> {
  const { seedId, seedPool, seedFallback = [], seedMode = 'broker', whenNoSeed = 'wait' } = spec;
  const how = { whenNoSeed, seedFallback: writeSeedChoices(seedFallback), seedMode };
  if (seedId !== undefined) return { login: 'seed', seed: seedId, ...how };
  return seedPool === undefined ? {} : { login: 'pool', pool: seedPool, ...how };
}

function budgetFields(budget: Budget | undefined): Partial<Draft> {
  if (!budget) return {};
  const { turns, tokens, wallMs, onReached = 'pause' } = budget;
  return { turns: text(turns), tokens: text(tokens), minutes: minutes(wallMs), onReached };
}

function endFields({ endRule = 'told' }: RunSpec): Pick<Draft, 'end' | 'endMinutes'> {
  return typeof endRule === 'string'
    ? { end: endRule, endMinutes: '' }
    : { end: 'after', endMinutes: minutes(endRule.afterMs) };
}

function paramsOf(params: unknown): Record<string, string> {
  if (typeof params !== 'object' || params === null) return {};
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
  );
}

function minutes(ms: number | undefined): string {
  return ms === undefined ? '' : text(Math.round((ms / MINUTE_MS) * 100) / 100);
}

function text(number: number | undefined): string {
  return number === undefined ? '' : String(number);
}
