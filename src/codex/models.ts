import type { ModelInfo } from '../contract/model-info.ts';
import { OptioError } from '../errors.ts';
import type { CodexClient } from './client.ts';
import type { Model } from './protocol/v2/Model.ts';

/** No list is longer; a server that keeps handing out cursors must not keep us for ever. */
const MAX_PAGES = 20;

/**
 * The models that Codex offers, all pages that come within the deadline, in milliseconds. A failure is no failure: the
 * list then ends before it.
 */
export async function listModels(client: CodexClient, deadlineMs: number): Promise<readonly Model[]> {
  const over = performance.now() + deadlineMs;
  const models: Model[] = [];
  let cursor: string | null = null;
  try {
    for (let page = 0; page < MAX_PAGES; page++) {
      const left = Math.max(0, over - performance.now());
      const answer: { data?: Model[]; nextCursor?: string | null } = await client.call(
        'model/list',
        { cursor },
        { deadlineMs: left },
      );
      models.push(...(answer.data ?? []).filter((model) => model !== null && typeof model === 'object'));
      cursor = answer.nextCursor ?? null;
      if (!cursor) break;
    }
  } catch {
    // Codex runs any model by name; the list only helps people to choose.
  }
  return models;
}

/** A model in our words, for choosing. What an older or newer codex does not say of it is left open. */
export function toModelInfo(told: Partial<Model>): ModelInfo {
  const id = told.model ?? told.id ?? '';
  return {
    id,
    name: told.displayName ?? id,
    description: told.description ?? '',
    isDefault: told.isDefault === true,
    efforts: (told.supportedReasoningEfforts ?? []).map(({ reasoningEffort }) => reasoningEffort),
    defaultEffort: told.defaultReasoningEffort ?? null,
  };
}

/**
 * Refuses an effort that the model is known not to take: Codex would pass it on and every later turn would fail.
 * A model that the list does not have is left alone, since custom providers have their own.
 */
export function checkEffort(models: readonly Model[], modelId: string | null, effort: string | undefined): void {
  if (effort === undefined) return;
  const known = effortsOf(models, modelId);
  if (known.length === 0 || known.includes(effort)) return;
  throw new OptioError('invalid-input', `the model ${modelId} does not take the effort "${effort}"`, {
    field: 'reasoningEffort',
    remedy: `Choose one of ${known.join(', ')}.`,
  });
}

/** The efforts a model advertises; none for a model that the list does not have. */
function effortsOf(models: readonly Model[], modelId: string | null): readonly string[] {
  const model = models.find((candidate) => candidate.id === modelId || candidate.model === modelId);
  return (model?.supportedReasoningEfforts ?? []).map((option) => option.reasoningEffort);
}
