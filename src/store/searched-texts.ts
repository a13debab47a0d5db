import type { RunEvent, RunEventType } from '../contract/event.ts';
import type { Item } from '../contract/item.ts';
import type { Request } from '../contract/request.ts';
import type { FoundKind, FoundText } from '../contract/search.ts';
import { keepable } from './folded.ts';

/** How much of one text can be found, in characters: its beginning and its end. */
const MAX_SAID = 64 * 1024;
/** The same of what was printed, or only thought. */
const MAX_PRINTED = 16 * 1024;
/** How many files of one change can be found. */
const MAX_FILES = 1_000;

/** What an event tells that can be found. */
export interface Told extends Pick<FoundText, 'turnId' | 'itemId' | 'requestId' | 'messageId'> {
  /** What is told again takes the place of what was told under this name before. */
  readonly key: string;
  /** It stands where this was told first. */
  readonly staysWhereItWas?: boolean;
  /** What it is told in the place of. */
  readonly replaces?: string;
  readonly texts: readonly { readonly kind: FoundKind; readonly text: string }[];
}

/** The events that may tell something that can be found; with the last of them a journal has been read to its end. */
const TELLING: ReadonlySet<RunEventType> = new Set([
  ...([
    'message.sent',
    'message.refused',
    'item.completed',
    'plan.updated',
    'request.opened',
    'request.refused',
  ] as const),
  ...(['notice', 'turn.ended', 'session.ended', 'run.state', 'run.ended'] as const),
]);

export function isTelling({ type }: Pick<RunEvent, 'type'>): boolean {
  return TELLING.has(type);
}

/** What of an event can be found; undefined when there is nothing. */
export function toldBy(event: RunEvent): Told | undefined {
  const told = whatIsTold(event);
  const texts = told?.texts.flatMap(({ kind, text }) => {
    const kept = bounded(text, kind === 'output' || kind === 'reasoning' || kind === 'tool' ? MAX_PRINTED : MAX_SAID);
    return kept.trim() === '' ? [] : [{ kind, text: keepable(kept) }];
  });
  return told && texts && texts.length > 0 ? { ...told, texts } : undefined;
}

const NOWHERE = { turnId: null, itemId: null, requestId: null, messageId: null };

function whatIsTold(event: RunEvent): Told | undefined {
  const key = `event/${event.seq}`;
  switch (event.type) {
    case 'message.sent': {
      const { messageId, text, images } = event;
      return {
        ...NOWHERE,
        key: messageKey(messageId),
        messageId,
        texts: [{ kind: 'message', text: lines(text, images) }],
      };
    }
    case 'item.completed':
      return toldByItem(event.turnId, event.item);
    case 'plan.updated': {
      const text = lines(
        event.explanation,
        event.steps.map(({ step }) => step),
      );
      const place = { ...NOWHERE, key: `plan/${event.turnId}`, turnId: event.turnId };
      return { ...place, staysWhereItWas: true, texts: [{ kind: 'plan', text }] };
    }
    case 'request.opened':
    case 'request.refused': {
      const { id, turnId } = event.request;
      const texts = [{ kind: 'request', text: textOfRequest(event.request) } as const];
      return { ...NOWHERE, key: `request/${id}`, staysWhereItWas: true, turnId, requestId: id, texts };
    }
    case 'notice':
      return { ...NOWHERE, key, texts: [{ kind: 'notice', text: lines(event.message, event.remedy) }] };
    case 'turn.ended':
      return event.error === undefined
        ? undefined
        : {
            ...NOWHERE,
            key: `end/${event.turnId}`,
            turnId: event.turnId,
            texts: [{ kind: 'error', text: event.error }],
          };
    case 'message.refused':
    case 'session.ended':
      return event.error && { ...NOWHERE, key, texts: [{ kind: 'error', text: textOfError(event.error) }] };
    case 'run.state':
      return event.pause && { ...NOWHERE, key, texts: [{ kind: 'notice', text: event.pause.message }] };
    case 'run.ended': {
      const { error } = event.outcome;
      return error && { ...NOWHERE, key: 'end', texts: [{ kind: 'error', text: textOfError(error) }] };
    }
    default:
      return undefined;
  }
}

function toldByItem(turnId: string, item: Item): Told {
  const place = { ...NOWHERE, key: `item/${turnId}/${item.id}`, turnId, itemId: item.id, texts: textsOfItem(item) };
  // What was sent stands by itself until Codex has it.
  if (item.kind !== 'userMessage' || item.messageId === undefined) return place;
  return { ...place, messageId: item.messageId, replaces: messageKey(item.messageId) };
}

function messageKey(messageId: string): string {
  return `message/${messageId}`;
}

function textsOfItem(item: Item): Told['texts'] {
  switch (item.kind) {
    case 'userMessage':
      return [{ kind: 'message', text: lines(item.text, item.images) }];
    case 'agentMessage':
      return [{ kind: 'answer', text: item.text }];
    case 'reasoning':
      return [{ kind: 'reasoning', text: lines(item.summary, item.content) }];
    case 'command':
      return [
        { kind: 'command', text: item.command },
        { kind: 'output', text: item.output },
      ];
    case 'fileChange': {
      const paths = item.changes.slice(0, MAX_FILES).flatMap(({ path, movedTo }) => [path, movedTo]);
      return [{ kind: 'files', text: lines(paths) }];
    }
    case 'toolCall': {
      const { server, tool, arguments: given, result, error } = item;
      return [{ kind: 'tool', text: lines(server, tool, asText(given), asText(result), error) }];
    }
    case 'webSearch':
      return [{ kind: 'webSearch', text: item.query }];
    case 'plan':
      return [{ kind: 'plan', text: item.text }];
    case 'imageView':
      return [{ kind: 'files', text: item.path }];
    case 'compaction':
    case 'other':
      return [];
  }
}

function textOfRequest(request: Request): string {
  switch (request.kind) {
    case 'command':
      return lines(request.command, request.reason);
    case 'fileChange':
      return lines(
        request.changes.slice(0, MAX_FILES).map(({ path }) => path),
        request.reason,
      );
    case 'permissions':
      return lines(request.reason, asText(request.permissions));
    case 'mcpTool':
      return lines(request.server, request.tool, request.message, request.reason);
    case 'question':
      return lines(
        request.questions.map(({ question }) => question),
        request.reason,
      );
    case 'elicitation':
      return lines(request.server, request.message, request.url, request.reason);
  }
}

function textOfError({
  message,
  remedy,
  stderr,
}: {
  message: string;
  remedy?: string | undefined;
  stderr?: string | undefined;
}): string {
  return lines(message, remedy, stderr);
}

type Line = string | undefined;

function lines(...parts: readonly (Line | readonly Line[])[]): string {
  return parts.flat().filter(Boolean).join('\n');
}

function asText(data: unknown): string {
  if (data === undefined || data === null) return '';
  return typeof data === 'string' ? data : JSON.stringify(data);
}

function bounded(text: string, most: number): string {
  if (text.length <= most) return text;
  return `${text.slice(0, most / 2)}\n…\n${text.slice(-most / 2)}`;
}
