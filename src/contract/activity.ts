import type { Item } from './item.ts';
import type { Request } from './request.ts';

/** How many characters of it are told: it stands in a line of a list. */
const MAX_ACTIVITY = 120;

export const THINKING = 'thinking';

/** What a run does while this piece of work is open, in words; undefined when there is nothing to say of it. */
export function activityOfItem(item: Item, workspace: string | undefined): string | undefined {
  switch (item.kind) {
    case 'agentMessage':
      return item.phase === undefined || item.phase === 'final_answer' ? 'writing the answer' : 'writing';
    case 'reasoning':
      return THINKING;
    case 'command':
      return inOneLine(`running ${item.command}`);
    case 'fileChange':
      return inOneLine(`editing ${filesOf(item.changes, workspace)}`);
    case 'toolCall':
      return inOneLine(`calling tool ${item.tool}`);
    case 'webSearch':
      return inOneLine(`searching the web for ${item.query}`);
    case 'plan':
      return 'planning';
    case 'imageView':
      return inOneLine(`looking at ${within(item.path, workspace)}`);
    case 'compaction':
      return 'shortening its context';
    case 'userMessage':
    case 'other':
      return undefined;
  }
}

/** What a run waits for while this request is open, in words. */
export function activityOfRequest(request: Request, workspace: string | undefined): string {
  return inOneLine(`waiting: ${wishOf(request, workspace)}`);
}

/** A text of whatever length as it stands in a list. */
export function inOneLine(text: string): string {
  const line = text
    .slice(0, 4 * MAX_ACTIVITY)
    .replace(/\s+/g, ' ')
    .trim();
  return line.length > MAX_ACTIVITY ? `${line.slice(0, MAX_ACTIVITY - 1)}…` : line;
}

function wishOf(request: Request, workspace: string | undefined): string {
  switch (request.kind) {
    case 'command':
      return `approve \`${request.command}\``;
    case 'fileChange':
      return `approve changes of ${filesOf(request.changes, workspace)}`;
    case 'permissions':
      return 'approve more permissions';
    case 'mcpTool':
      return `approve the tool ${request.tool ?? `of ${request.server}`}`;
    case 'question':
      return request.questions[0]?.question ?? 'a question';
    case 'elicitation':
      return request.message;
  }
}

function filesOf(changes: readonly { readonly path: string }[], workspace: string | undefined): string {
  const [first, ...more] = changes;
  if (!first) return 'files';
  const others = more.length === 0 ? '' : ` and ${more.length} more`;
  return `${within(first.path, workspace)}${others}`;
}

function within(path: string, workspace: string | undefined): string {
  return workspace !== undefined && path.startsWith(`${workspace}/`) ? path.slice(workspace.length + 1) : path;
}
