import fc from 'fast-check';
import type { Item } from '../../src/contract/item.ts';

type WithoutId<T> = T extends Item ? Omit<T, 'id'> : never;

const text = fc.string({ unit: 'grapheme', maxLength: 12 });
const texts = fc.array(text, { maxLength: 3 });
const status = fc.constantFrom('running' as const, 'completed' as const, 'failed' as const, 'declined' as const);
const change = fc.record({
  path: text.map((name) => `/repo/${name}`),
  kind: fc.constantFrom('add' as const, 'delete' as const, 'update' as const, 'move' as const),
  diff: text,
});

/** One thing within a turn, of each kind, before it got its id. */
const ITEMS: readonly fc.Arbitrary<WithoutId<Item>>[] = [
  fc.record({ kind: fc.constant('userMessage' as const), text, images: texts }),
  fc.record(
    { kind: fc.constant('agentMessage' as const), text, phase: fc.constantFrom('commentary', 'final_answer') },
    { requiredKeys: ['kind', 'text'] },
  ),
  fc.record({ kind: fc.constant('reasoning' as const), summary: texts, content: texts }),
  fc.record(
    { kind: fc.constant('command' as const), command: text, cwd: text, status, output: text, exitCode: fc.nat(255) },
    { requiredKeys: ['kind', 'command', 'cwd', 'status', 'output'] },
  ),
  fc.record({ kind: fc.constant('fileChange' as const), status, changes: fc.array(change, { maxLength: 2 }) }),
  fc.record(
    {
      kind: fc.constant('toolCall' as const),
      server: text,
      tool: text,
      arguments: fc.jsonValue({ maxDepth: 1 }),
      status,
      error: text,
    },
    { requiredKeys: ['kind', 'tool', 'arguments', 'status'] },
  ),
  fc.record({ kind: fc.constant('webSearch' as const), query: text }),
  fc.record({ kind: fc.constant('plan' as const), text }),
  fc.record({ kind: fc.constant('imageView' as const), path: text }),
  fc.record({ kind: fc.constant('compaction' as const) }),
  fc.record({ kind: fc.constant('other' as const), type: text, raw: fc.jsonValue({ maxDepth: 1 }) }),
];

/** An item as it begins, and the same as it ends. */
export interface ItemLife {
  readonly first: WithoutId<Item>;
  readonly last: WithoutId<Item>;
}

export const itemLives: fc.Arbitrary<ItemLife> = fc.oneof(
  ...ITEMS.map((item) => fc.record({ first: item, last: item })),
);

/** Gives an item its id. */
export function named(item: WithoutId<Item>, id: string): Item {
  return { ...item, id } as Item;
}
