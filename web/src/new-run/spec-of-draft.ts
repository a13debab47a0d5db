import type { RunOptions } from '../../../src/contract/api.ts';
import type { Budget } from '../../../src/contract/budget.ts';
import type { EndRule, RunSpec, WorkspaceSpec } from '../../../src/contract/run-spec.ts';
import { placeholdersOf } from '../tasks/placeholders.ts';
import type { Draft } from './draft.ts';
import { readPairs, readWords } from './pairs.ts';
import { readSeedChoices } from './seed-choices.ts';

const MINUTE_MS = 60_000;

/** What a draft asks for, as the API takes it. It may be nonsense still: see `problemsOf`. */
export function specOf(draft: Draft): RunSpec {
  const { pairs: env } = readPairs(draft.env);
  return {
    ...draft.kept.spec,
    instructions: draft.prompt,
    autoStart: true,
    endRule: endOf(draft),
    workspace: workspaceOf(draft),
    ...(draft.model.trim() && { model: draft.model.trim() }),
    ...(draft.effort.trim() && { reasoningEffort: draft.effort.trim() }),
    ...providerOf(draft),
    ...loginOf(draft),
    sandbox: draft.sandbox,
    ...(isExposed(draft) && { exposeLogin: true }),
    ...(draft.sandbox !== 'danger-full-access' && { isolation: draft.isolation }),
    ...networkOf(draft),
    permissionGate: draft.approvals !== 'never',
    approvalPolicy: draft.approvals,
    ...(Object.keys(env).length > 0 && { env }),
  };
}

/** What is said of the run besides. */
export function optionsOf(draft: Draft): RunOptions {
  const { pairs: metadata } = readPairs(draft.tags);
  const budget = budgetOf(draft);
  const places = placeholdersOf(draft.prompt).filter((name) => (draft.params[name] ?? '') !== '');
  const { params: before, ...kept } = draft.kept.options;
  const params = Object.fromEntries(
    places.map((name) => {
      const [typed, was] = [draft.params[name], isRecord(before) ? before[name] : undefined];
      return [name, JSON.stringify(was) === typed ? was : typed]; // what was taken over as it was stays no text
    }),
  );
  return {
    ...kept,
    ...(draft.name.trim() && { name: draft.name.trim() }),
    ...(draft.priority.trim() && { priority: numberOf(draft.priority) }),
    ...(Object.keys(metadata).length > 0 && { metadata }),
    ...(budget && { budget }),
    ...(places.length > 0 && { params }),
    ...(draft.begin === 'later' && { notBefore: new Date(draft.beginAt) }),
  };
}

function workspaceOf({ workspace, directory, isShared, kept }: Draft): WorkspaceSpec {
  if (workspace === 'worktree') return { worktree: directory.trim() };
  if (workspace === 'directory') return { directory: directory.trim(), ...(isShared && { shared: true }) };
  const before = kept.spec.workspace;
  return before && 'fresh' in before ? before : { fresh: true }; // with the files that were put into it
}

function providerOf({ provider, providerUrl, providerKey, contextWindow, kept }: Draft): Pick<RunSpec, 'provider'> {
  if (provider === 'openai') return {};
  const { keyVariable: _, contextWindow: __, ...before } = kept.spec.provider ?? { baseUrl: '' };
  return {
    provider: {
      ...(before.baseUrl === providerUrl.trim() && before), // its name and its models belong to its address
      baseUrl: providerUrl.trim(),
      ...(providerKey.trim() && { keyVariable: providerKey.trim() }),
      ...(contextWindow.trim() && { contextWindow: numberOf(contextWindow) }),
    },
  };
}

function loginOf(draft: Draft): Pick<RunSpec, 'seedId' | 'seedPool' | 'whenNoSeed' | 'seedFallback' | 'seedMode'> {
  if (!takesSeed(draft)) return {};
  const which = draft.login === 'seed' ? { seedId: draft.seed.trim() } : { seedPool: draft.pool.trim() };
  const seedFallback = readSeedChoices(draft.seedFallback);
  return {
    ...which,
    whenNoSeed: draft.whenNoSeed,
    ...(seedFallback.length > 0 && { seedFallback }),
    ...(draft.seedMode === 'file' && { seedMode: draft.seedMode }),
  };
}

/** Another provider has a key of its own. */
export function takesSeed({ provider, login }: Draft): boolean {
  return provider === 'openai' && login !== 'environment';
}

/** Only then the question arises; with another provider too, since logins may be saved here. */
export function isExposed({ sandbox, exposesLogin }: Draft): boolean {
  return sandbox === 'danger-full-access' && exposesLogin;
}

function networkOf({ sandbox, network, hosts }: Draft): Pick<RunSpec, 'networkAccess'> {
  if (sandbox === 'danger-full-access') return {};
  return { networkAccess: network === 'hosts' ? readWords(hosts) : network === 'all' };
}

function endOf({ end, endMinutes }: Draft): EndRule {
  return end === 'after' ? { afterMs: Math.round(numberOf(endMinutes) * MINUTE_MS) } : end;
}

function budgetOf({ turns, tokens, minutes, onReached }: Draft): Budget | undefined {
  const budget = {
    ...(turns.trim() && { turns: numberOf(turns) }),
    ...(tokens.trim() && { tokens: numberOf(tokens) }),
    ...(minutes.trim() && { wallMs: Math.round(numberOf(minutes) * MINUTE_MS) }),
  };
  return Object.keys(budget).length > 0 ? { ...budget, onReached } : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `1,000` and `1 000` are one thousand; what is no number is NaN, which no schema takes. */
function numberOf(text: string): number {
  const bare = text.replace(/[\s,_]/g, '');
  return bare === '' ? Number.NaN : Number(bare);
}
