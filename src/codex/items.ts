import { type FileChange, type Item, type ItemStatus, itemSchema } from '../contract/item.ts';
import type { FileUpdateChange } from './protocol/v2/FileUpdateChange.ts';
import type { ThreadItem } from './protocol/v2/ThreadItem.ts';
import type { UserInput } from './protocol/v2/UserInput.ts';

/**
 * Turns an item of Codex's into one of ours. Fields that another version leaves out get a neutral value; an item that
 * is not as its type promises is kept as it came. Throws when it has no id: then nobody could tell what becomes of it.
 */
export function toItem(item: ThreadItem): Item {
  const known = toKnownItem(item);
  if (known && itemSchema.safeParse(known).success) return known;
  const { id, type } = item as { id: unknown; type: unknown };
  if (typeof id !== 'string') throw new TypeError('an item without an id');
  return { kind: 'other', id, type: typeof type === 'string' ? type : 'unknown', raw: item };
}

function toKnownItem(item: ThreadItem): Item | undefined {
  try {
    return convert(item);
  } catch {
    return undefined;
  }
}

function convert(item: ThreadItem): Item | undefined {
  const { id } = item;
  switch (item.type) {
    case 'userMessage':
      return {
        kind: 'userMessage',
        id,
        text: textOf(item.content),
        images: imagesOf(item.content),
        ...(item.clientId && { messageId: item.clientId }),
      };
    case 'agentMessage':
      return { kind: 'agentMessage', id, text: item.text ?? '', ...(item.phase && { phase: item.phase }) };
    case 'reasoning':
      return { kind: 'reasoning', id, summary: item.summary ?? [], content: item.content ?? [] };
    case 'commandExecution':
      return {
        kind: 'command',
        id,
        command: unwrapShell(item.command ?? ''),
        cwd: item.cwd ?? '',
        status: toStatus(item.status),
        output: item.aggregatedOutput ?? '',
        ...(item.exitCode != null && { exitCode: item.exitCode }),
        ...(item.durationMs != null && { durationMs: item.durationMs }),
      };
    case 'fileChange':
      return { kind: 'fileChange', id, status: toStatus(item.status), changes: (item.changes ?? []).map(toFileChange) };
    case 'mcpToolCall':
      return {
        kind: 'toolCall',
        id,
        server: item.server,
        tool: item.tool,
        arguments: item.arguments,
        status: toStatus(item.status),
        ...(item.result != null && { result: item.result }),
        ...(item.error != null && { error: item.error.message }),
        ...(item.durationMs != null && { durationMs: item.durationMs }),
      };
    case 'dynamicToolCall':
      return {
        kind: 'toolCall',
        id,
        tool: item.namespace ? `${item.namespace}.${item.tool}` : item.tool,
        arguments: item.arguments,
        status: toStatus(item.status),
        ...(item.contentItems != null && { result: item.contentItems }),
        ...(item.durationMs != null && { durationMs: item.durationMs }),
      };
    case 'webSearch':
      return { kind: 'webSearch', id, query: item.query ?? '' };
    case 'plan':
      return { kind: 'plan', id, text: item.text ?? '' };
    case 'imageView':
      return { kind: 'imageView', id, path: item.path };
    case 'contextCompaction':
      return { kind: 'compaction', id };
    default:
      return undefined;
  }
}

export function toFileChange(change: FileUpdateChange): FileChange {
  const { kind } = change;
  const movedTo = kind.type === 'update' ? kind.move_path : null;
  return {
    path: change.path,
    // A kind that a newer Codex may bring still has a path and a diff to look at.
    kind: movedTo ? 'move' : kind.type === 'add' || kind.type === 'delete' ? kind.type : 'update',
    ...(movedTo && { movedTo }),
    diff: change.diff ?? '',
  };
}

/** A shell of the system, and none that somebody has put elsewhere under such a name. */
const SHELL = /^(?:\/(?:usr\/)?(?:local\/)?bin\/)?(?:ba|z|da)?sh -l?c (?<script>.+)$/s;

/** A part of a shell word: as it stands, with escapes, or bare. */
const WORD_PART = /'(?<plain>[^']*)'|"(?<escaped>(?:[^"\\]|\\.)*)"|(?<bare>[^\s'"\\]+)/sy;

/** Codex shows `/bin/bash -lc '…'`; people want to read what the model wrote. Anything else stays as it is. */
export function unwrapShell(command: string): string {
  const script = SHELL.exec(command)?.groups?.script;
  return (script && readWord(script)) || command;
}

/** What the shell makes of a text that is one word, whose parts may be quoted in different ways; undefined for any other text. */
function readWord(text: string): string | undefined {
  let word = '';
  WORD_PART.lastIndex = 0;
  while (WORD_PART.lastIndex < text.length) {
    const part = WORD_PART.exec(text)?.groups;
    if (!part) return undefined;
    word += part.plain ?? part.bare ?? (part.escaped ?? '').replace(/\\(["\\$`])/g, '$1');
  }
  return word;
}

/** Status words that a newer Codex may bring count as still running; the item's end will correct that. */
function toStatus(status: string | undefined): ItemStatus {
  return status === 'completed' || status === 'failed' || status === 'declined' ? status : 'running';
}

function textOf(content: readonly UserInput[] | undefined): string {
  return (content ?? []).map((part) => (part.type === 'text' ? part.text : '')).join('');
}

function imagesOf(content: readonly UserInput[] | undefined): string[] {
  return (content ?? []).flatMap((part) => {
    if (part.type === 'localImage') return [part.path];
    return part.type === 'image' && 'url' in part ? [part.url.slice(0, 200)] : [];
  });
}
