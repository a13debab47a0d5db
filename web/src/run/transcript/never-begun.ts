import type { RunView } from '../../../../src/contract/view.ts';

/** Whether a run has ended before Codex was asked anything: what it was asked stands in no turn of it. */
export function hasNeverBegun({ outcome, turnOrder }: Pick<RunView, 'outcome' | 'turnOrder'>): boolean {
  return outcome !== null && turnOrder.length === 0;
}

/** What a run was to be asked, by its definition; null where that does not say so. */
export function instructionsIn(definition: unknown): string | null {
  const { config } = (definition ?? {}) as { config?: { instructions?: unknown } | null };
  const text = config?.instructions;
  return typeof text === 'string' && text.trim() !== '' ? text : null;
}
