import type { Item } from '../../../../src/contract/item.ts';
import { plural } from '../../design/in-words.ts';
import type { ItemRow } from './row.ts';

/** What is folded away, in words: what is under way just now, or what was done. */
export function workInWords(rows: readonly ItemRow[]): { readonly now: string | null; readonly done: string } {
  const last = rows.at(-1);
  const now = last?.isOpen ? nowOf(last.item) : null;
  const count = (kind: Item['kind']) => rows.filter(({ item }) => item.kind === kind).length;
  const failed = rows.filter(({ item }) => item.kind === 'command' && (item.exitCode ?? 0) !== 0).length;
  const [commands, changes, tools, searches] = [
    count('command'),
    count('fileChange'),
    count('toolCall'),
    count('webSearch'),
  ];
  const parts = [
    commands > 0 && `ran ${plural(commands, 'command')}${failed > 0 ? ` (${failed} failed)` : ''}`,
    changes > 0 && `changed files ${changes === 1 ? 'once' : `${changes} times`}`,
    tools > 0 && `called ${plural(tools, 'tool')}`,
    searches > 0 && `searched the web ${searches === 1 ? 'once' : `${searches} times`}`,
  ].filter((part) => part !== false);
  const words = parts.length > 0 ? parts.join(', ') : count('reasoning') > 0 ? 'thought' : plural(rows.length, 'step');
  return { now, done: words.charAt(0).toUpperCase() + words.slice(1) };
}

function nowOf(item: Item): string {
  if (item.kind === 'command') return `Running ${item.command.split('\n', 1)[0]}`;
  if (item.kind === 'toolCall') return `Calling ${item.tool}`;
  return item.kind === 'reasoning' ? 'Thinking' : 'Working';
}
