import type { FileChange, Item, ItemStatus } from './item.ts';
import { requestToMarkdown } from './markdown-request.ts';
import { code, fenced, fileLink, folded, inline, json, quoted, span } from './markdown-text.ts';
import type { ItemView, RequestView, RunView, TurnView } from './view.ts';

/**
 * A turn as a part of a document, piece by piece: its items, each with what was asked about it, and what was asked
 * besides where it was asked.
 */
export function* turnToMarkdown(view: RunView, turn: TurnView, number: number): Generator<string> {
  yield `## Turn ${number}${turn.threadId === null ? '' : ' (of a sub-agent)'}`;
  const requests = Object.values(view.requests).filter(({ request }) => request.turnId === turn.id);
  const told = new Set<RequestView>();
  for (const id of [null, ...turn.itemOrder]) {
    const entry = id === null ? undefined : turn.items[id];
    if (entry) yield* itemToMarkdown(view, entry);
    for (const request of requests.filter((asked) => placeOf(asked, turn) === id)) {
      told.add(request);
      yield requestToMarkdown(request);
    }
  }
  for (const request of requests) if (!told.has(request)) yield requestToMarkdown(request);
  const hasChanges = Object.values(turn.items).some(({ item }) => item.kind === 'fileChange');
  if (turn.diff !== '' && !hasChanges) yield `**Changes of the turn**\n\n${fenced(turn.diff, 'diff')}`;
  if (turn.status !== 'completed')
    yield `*This turn ${turn.status === 'running' ? 'is running' : `was ${turn.status}`}.*`;
  if (turn.error !== null) yield `**Error**\n\n${fenced(turn.error)}`;
}

/** The item after which a request is told. */
function placeOf({ request: { itemId }, afterItemId }: RequestView, { items }: TurnView): string | null {
  return itemId !== null && Object.hasOwn(items, itemId) ? itemId : afterItemId;
}

function* itemToMarkdown(view: RunView, { item, isOpen }: ItemView): Generator<string> {
  const shown = partsOf(view, item);
  if (shown.length === 0) return;
  yield shown.join('\n\n');
  const hasStatus = 'status' in item;
  if (isOpen && !hasStatus) yield '*Not finished.*';
}

function partsOf(view: RunView, item: Item): string[] {
  switch (item.kind) {
    case 'userMessage': {
      const steer = item.messageId !== undefined && view.messages[item.messageId]?.steer;
      const images = item.images.map((path) => `Picture: ${fileLink(path)}`);
      return [steer ? '**Message, put into the running turn**' : '**Message**', quoted(item.text), ...images];
    }
    case 'agentMessage':
      return [item.phase === 'final_answer' ? '**Answer**' : '**Codex**', quoted(item.text)];
    case 'reasoning':
      return item.summary.length > 0 ? [folded('Reasoning', quoted(item.summary.join('\n\n')))] : [];
    case 'command':
      return [
        `**Command** in ${code(item.cwd)}${howItEnded(item.status, item.durationMs, item.exitCode)}`,
        fenced(item.command, 'sh'),
        ...(item.output === '' ? [] : [fenced(item.output, 'text')]),
      ];
    case 'fileChange':
      return [`**Change of files**${howItEnded(item.status)}`, ...item.changes.flatMap(changeParts)];
    case 'toolCall': {
      const of = item.server === undefined ? '' : ` of ${code(item.server)}`;
      return [
        `**Tool** ${code(item.tool)}${of}${howItEnded(item.status, item.durationMs)}`,
        json(item.arguments),
        ...(item.result === undefined ? [] : [json(item.result)]),
        ...(item.error === undefined ? [] : [`Error:\n\n${fenced(item.error)}`]),
      ];
    }
    case 'webSearch':
      return [`**Web search:** ${inline(item.query)}`];
    case 'plan':
      return ['**Plan**', quoted(item.text)];
    case 'imageView':
      return [`**Picture:** ${code(item.path)}`];
    case 'compaction':
      return ['*Codex summed up what was said until here, to make room.*'];
    case 'other':
      return [folded('Something else', `${code(item.type)}\n\n${json(item.raw)}`)];
  }
}

function howItEnded(status: ItemStatus, durationMs?: number, exitCode?: number): string {
  const parts = [
    ...(exitCode === undefined ? [] : [`exit code ${exitCode}`]),
    ...(durationMs === undefined ? [] : [span(durationMs)]),
    ...(status === 'completed' || (status === 'failed' && exitCode !== undefined) ? [] : [WORDS[status]]),
  ];
  return parts.length === 0 ? '' : `: ${parts.join(', ')}`;
}

const WORDS: Readonly<Record<ItemStatus, string>> = {
  running: 'not finished',
  completed: 'done',
  failed: 'failed',
  declined: 'declined',
};

function changeParts({ path, kind, movedTo, diff }: FileChange): string[] {
  const what = { add: 'Added', delete: 'Deleted', update: 'Changed', move: 'Moved' }[kind];
  const to = movedTo === undefined ? '' : ` to ${code(movedTo)}`;
  return [`${what}: ${code(path)}${to}`, ...(diff === '' ? [] : [fenced(diff, kind === 'update' ? 'diff' : '')])];
}
