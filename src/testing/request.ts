import type { IncomingHttpHeaders } from 'node:http';

/** One request that Codex made of the model, with what scripts and tests mostly look at. */
export interface ModelRequest {
  /** Counts from 1 over the life of the server. */
  readonly number: number;
  /** The thread that asks; an empty string where an old Codex does not say. */
  readonly threadId: string;
  /** The turn that asks; an empty string where an old Codex does not say. */
  readonly turnId: string;
  readonly model: string;
  /** The last message that a person (or program) sent, without what Codex adds on its own. */
  readonly userText: string;
  /** The outputs of tool calls since that message, oldest first. */
  readonly outputs: readonly string[];
  /** Names of the tools on offer. */
  readonly tools: readonly string[];
  readonly headers: IncomingHttpHeaders;
  /** The body as it came. */
  readonly body: ResponsesBody;
}

interface ResponsesBody {
  readonly model?: string;
  readonly input?: readonly InputItem[];
  readonly tools?: readonly { readonly type: string; readonly name?: string }[];
  readonly prompt_cache_key?: string;
  readonly client_metadata?: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

interface InputItem {
  readonly type?: string;
  readonly role?: string;
  readonly content?: readonly { readonly type: string; readonly text?: string }[];
  readonly output?: unknown;
}

/** Reads a request of the Responses API. Unknown fields stay in `body`. */
export function readModelRequest(number: number, headers: IncomingHttpHeaders, body: ResponsesBody): ModelRequest {
  const input = body.input ?? [];
  const lastUser = input.findLastIndex(isFromPerson);
  const last = input[lastUser];
  return {
    number,
    threadId: body.client_metadata?.thread_id ?? body.prompt_cache_key ?? '',
    turnId: turnIdOf(headers, body),
    model: body.model ?? '',
    userText: last ? textOf(last) : '',
    outputs: input.slice(lastUser + 1).flatMap((item) => (item.output === undefined ? [] : [outputText(item.output)])),
    tools: (body.tools ?? []).map((tool) => tool.name ?? tool.type),
    headers,
    body,
  };
}

/** Codex puts its own notes into user messages too; they all start with a tag or with a fixed heading. */
function isFromPerson(item: InputItem): boolean {
  return item.type === 'message' && item.role === 'user' && !/^\s*(<[a-z_]+[ >]|# AGENTS\.md)/.test(textOf(item));
}

function textOf(item: InputItem): string {
  return (item.content ?? []).map((part) => part.text ?? '').join('\n');
}

function outputText(output: unknown): string {
  return typeof output === 'string' ? output : JSON.stringify(output);
}

function turnIdOf(headers: IncomingHttpHeaders, body: ResponsesBody): string {
  if (body.client_metadata?.turn_id) return body.client_metadata.turn_id;
  const metadata = headers['x-codex-turn-metadata'];
  if (typeof metadata !== 'string') return '';
  try {
    return String((JSON.parse(metadata) as { turn_id?: unknown }).turn_id ?? '');
  } catch {
    return '';
  }
}
