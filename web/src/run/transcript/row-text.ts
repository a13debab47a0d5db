import type { Item } from '../../../../src/contract/item.ts';
import type { Request } from '../../../../src/contract/request.ts';
import type { Row } from './row.ts';

/** All that is written in a row, for whoever looks for something. */
export function textOf(row: Row): string {
  switch (row.kind) {
    case 'item':
      return textOfItem(row.item);
    case 'work':
      return row.isUnfolded ? '' : row.items.map(({ item }) => textOfItem(item)).join('\n');
    case 'request':
      return textOfRequest(row.entry.request);
    case 'mark':
      return [textOfMark(row.mark), row.message?.text].filter(Boolean).join('\n');
    case 'opening':
      return row.isUnfolded ? '' : row.marks.map(({ mark }) => textOfMark(mark)).join('\n');
    case 'plan':
      return [row.plan.explanation, ...row.plan.steps.map(({ step }) => step)].filter(Boolean).join('\n');
    case 'turnEnd':
      return row.turn.error ?? '';
    case 'retrying':
      return row.message;
    case 'pending':
      return row.message.text;
    case 'agent':
      return row.isUnfolded
        ? ''
        : Object.values(row.turn.items)
            .map(({ item }) => textOfItem(item))
            .join('\n');
    case 'end':
      return [row.outcome.error?.message, row.outcome.error?.remedy].filter(Boolean).join('\n');
  }
}

function textOfItem(item: Item): string {
  switch (item.kind) {
    case 'userMessage':
      return [item.text, ...item.images].join('\n');
    case 'agentMessage':
    case 'plan':
      return item.text;
    case 'reasoning':
      return [...item.summary, ...item.content].join('\n');
    case 'command':
      return `${item.command}\n${item.cwd}\n${item.output}`;
    case 'fileChange':
      return item.changes.map(({ path, movedTo, diff }) => [path, movedTo, diff].filter(Boolean).join('\n')).join('\n');
    case 'toolCall':
      return [item.server, item.tool, asText(item.arguments), asText(item.result), item.error]
        .filter(Boolean)
        .join('\n');
    case 'webSearch':
      return item.query;
    case 'imageView':
      return item.path;
    case 'compaction':
      return '';
    case 'other':
      return `${item.type}\n${asText(item.raw)}`;
  }
}

function textOfMark(mark: (Row & { kind: 'mark' })['mark']): string {
  switch (mark.kind) {
    case 'notice':
      return [mark.event.message, mark.event.remedy].filter(Boolean).join('\n');
    case 'refused':
    case 'sessionEnded':
      return [mark.error.message, mark.error.remedy].filter(Boolean).join('\n');
    case 'paused':
      return mark.message;
    case 'reconnected':
      return mark.reason;
    case 'session':
      return mark.event.model;
    case 'resumed':
      return '';
  }
}

function textOfRequest(request: Request): string {
  const what = 'command' in request ? request.command : 'message' in request ? request.message : '';
  const paths = request.kind === 'fileChange' ? request.changes.map(({ path }) => path) : [];
  const questions = request.kind === 'question' ? request.questions.map(({ question }) => question) : [];
  return [what, request.reason, ...paths, ...questions].filter(Boolean).join('\n');
}

/** Data as people read it. */
export function asText(data: unknown): string {
  if (data === undefined || data === null) return '';
  return typeof data === 'string' ? data : JSON.stringify(data, null, 2);
}
