import type { Item } from '../../../../../src/contract/item.ts';

/** What an agent does with its sub-agents, in words; null where it is about something else. */
export function teamworkOf({ type, raw }: Extract<Item, { readonly kind: 'other' }>): string | null {
  if (type !== 'collabAgentToolCall' || typeof raw !== 'object' || raw === null) return null;
  const { tool, prompt } = raw as { tool?: unknown; prompt?: unknown };
  const told = typeof prompt === 'string' && prompt !== '' ? `: ${oneLine(prompt)}` : '';
  if (typeof tool !== 'string') return null;
  return `${WORDS[tool] ?? `Sub-agents (${tool})`}${told}`;
}

const WORDS: Readonly<Record<string, string>> = {
  spawnAgent: 'Begin a sub-agent',
  sendInput: 'Write to a sub-agent',
  resumeAgent: 'Take a sub-agent up again',
  wait: 'Wait for sub-agents',
  closeAgent: 'Let a sub-agent go',
};

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 160 ? `${line.slice(0, 160)} …` : line;
}
