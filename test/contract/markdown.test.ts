import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunEvent, RunEventBody } from '../../src/contract/event.ts';
import type { Item } from '../../src/contract/item.ts';
import { toMarkdown } from '../../src/contract/markdown.ts';
import { applyEvent } from '../../src/contract/reducer.ts';
import type { Request } from '../../src/contract/request.ts';
import type { RunDetails } from '../../src/contract/run-summary.ts';
import { createRunView, type RunView } from '../../src/contract/view.ts';
import { makeDetails } from '../support/run-details.ts';
import { numbered } from '../support/stored-run.ts';

function viewOf(events: readonly RunEvent[]): RunView {
  return events.reduce(applyEvent, createRunView());
}

function recorded(name: string): RunView {
  const file = join(import.meta.dirname, 'journals', `${name}.json`);
  return viewOf(JSON.parse(readFileSync(file, 'utf8')) as RunEvent[]);
}

function documentOf(view: RunView, more: Partial<RunDetails> = {}): string {
  return [...toMarkdown(makeDetails({ state: view.state, outcome: view.outcome, ...more }), view)].join('');
}

/** The lines that stand neither in a fence nor in a quotation. */
function outside(markdown: string): string[] {
  const lines: string[] = [];
  let fence: string | undefined;
  for (const line of markdown.split('\n')) {
    const [, ticks] = /^(`{3,})[^`]*$/.exec(line) ?? [];
    if (fence !== undefined) fence = line === fence ? undefined : fence;
    else if (ticks !== undefined) fence = ticks;
    else if (!line.startsWith('>')) lines.push(withoutNames(line));
  }
  expect(fence, 'a fence that does not end').toBeUndefined();
  return lines;
}

/** A line without what is escaped in it, and without the names in it, which stand as they are. */
function withoutNames(line: string): string {
  return line.replace(/\\[!-~]/g, 'x').replace(/(`+)[^`].*?[^`]\1(?!`)/g, 'name');
}

function headingsOf(markdown: string): string[] {
  return outside(markdown).filter((line) => line.startsWith('#'));
}

describe('the document of a run', () => {
  it('tells what it was, what was said and done, who allowed what, and how it ended', () => {
    const markdown = documentOf(recorded('work'), { metadata: { team: 'red' }, params: { day: 'Monday' } });
    expect(headingsOf(markdown)).toEqual(['# Do it', '## Turn 1', '## Plan', '## Notices', '## End']);
    const inOrder = [
      ...[
        '- **Run:** `run-1`',
        '- **State:** done',
        '- **Model:** `scripted`, effort `low`',
        '- **Tokens:** 900 (input',
      ],
      ...['(fresh)', '- **Tags:** `team=red`', '"day": "Monday"', '**Message**\n\n> Begin.'],
      ...['<summary>Reasoning</summary>\n\n> There may be something to see.', 'exit code 0', '```sh\nfor n in 1 2 3 4'],
      ...['```text\nline 1\nline 2', '**Codex**\n\n> I have looked', 'new.txt`\n\n```\none\ntwo\n```'],
      ...['**Request:** to run a command in', 'it could write anywhere', 'Allowed by `ada`.', '- done: look'],
      ...['It is done, after 1 turn', '- added: `new.txt`'],
    ];
    const places = inOrder.map((text) => markdown.indexOf(text));
    expect(places, JSON.stringify(inOrder.filter((_, index) => (places[index] ?? 0) < 0))).toEqual(
      places.toSorted((a, b) => a - b),
    );
    expect(places[0]).toBeGreaterThan(0);
  });

  it.each(['interrupted', 'paused', 'refused', 'relaunched', 'sub-agent'])('is made of a run that was %s', (name) => {
    const view = recorded(name);
    const headings = headingsOf(documentOf(view));
    expect(headings.filter((heading) => heading.startsWith('## Turn'))).toHaveLength(view.turnOrder.length);
    expect(headings.filter((heading) => heading.includes('sub-agent')).length > 0).toBe(name === 'sub-agent');
    expect(documentOf(view).includes('*This turn was interrupted.*')).toBe(
      Object.values(view.turns).some(({ status }) => status === 'interrupted'),
    );
  });

  it('tells a request that belongs to no item where it was asked', () => {
    const said = (id: string): RunEventBody => {
      return { type: 'item.completed', turnId: 't1', item: { kind: 'agentMessage', id, text: id } };
    };
    const options = [{ label: 'green', description: '' }];
    const question = { id: 'q', header: '', question: 'Which?', options, allowsOther: false, isSecret: false };
    const common = { threadId: 'x', turnId: 't1', itemId: 'call-1' };
    const request: Request = { kind: 'question', id: 'r1', ...common, questions: [question] };
    const events: RunEventBody[] = [
      { type: 'turn.started', turnId: 't1' },
      { type: 'request.opened', request: { ...request, id: 'r0' } },
      said('before'),
      { type: 'request.opened', request },
      { type: 'request.answered', requestId: 'r1', answer: { kind: 'answers', answers: { q: ['green'] } }, by: 'ada' },
      said('after'),
    ];
    const lines = documentOf(viewOf(numbered(events))).match(/^> before|^> after|^\*\*Request:|^Answered by/gm);
    expect(lines).toEqual(['**Request:', '> before', '**Request:', 'Answered by', '> after']);
  });

  it('of a run that goes on says so, with what waits', () => {
    const sent: RunEventBody[] = ['a', 'b'].map((messageId) => ({
      type: 'message.sent',
      messageId,
      text: `message ${messageId}`,
      images: [],
      steer: false,
    }));
    const request = { ...approval('1'), turnId: null };
    const events = numbered([...sent, { type: 'request.opened', request }]);
    const markdown = documentOf(viewOf(events));
    expect(headingsOf(markdown)).toEqual([
      '# Do it',
      '## Messages that Codex has not taken',
      '## Requests outside of turns',
      '## End',
    ]);
    expect(markdown).toContain('> message a');
    expect(markdown).toContain('It waits for an answer.');
    expect(markdown).toContain('It has not ended: it is scheduled.');
  });

  it('has no heading that is not ours, whatever the run says', () => {
    const markdown = documentOf(hostileView(), {
      name: HOSTILE,
      taskId: HOSTILE,
      metadata: { [HOSTILE]: HOSTILE },
      params: { a: HOSTILE },
      cancelReason: HOSTILE,
    });
    expect(headingsOf(markdown).slice(1)).toEqual(['## Turn 1', '## Plan', '## Notices', '## End']);
    expect(
      outside(markdown).filter((line) => /<(?!\/?(?:details|summary|code)>)|!\[|^\s*---|^\s*#/.test(line)),
    ).toEqual(headingsOf(markdown));
  });
});

const HOSTILE = 'x\n\n# Fake\n\n````\n\n## End\n</details><h1>Fake</h1>\n---\n![a](http://e)';

function approval(id: string): Extract<Request, { kind: 'command' }> {
  return {
    kind: 'command',
    id,
    threadId: 't',
    turnId: 'turn',
    itemId: null,
    sandboxed: 'no',
    command: HOSTILE,
    cwd: HOSTILE,
  };
}

/** A run in which all that may come from outside wants to get out. */
function hostileView(): RunView {
  const [id, text] = [HOSTILE, HOSTILE];
  const items: Item[] = [
    { kind: 'userMessage', id: `${id}1`, text, images: [text] },
    { kind: 'agentMessage', id: `${id}2`, text },
    { kind: 'reasoning', id: `${id}3`, summary: [text, text], content: [] },
    { kind: 'command', id: `${id}4`, command: text, cwd: text, status: 'failed', output: text, exitCode: 1 },
    {
      kind: 'fileChange',
      id: `${id}5`,
      status: 'declined',
      changes: [{ path: text, kind: 'move', movedTo: text, diff: text }],
    },
    {
      kind: 'toolCall',
      id: `${id}6`,
      server: text,
      tool: text,
      arguments: text,
      status: 'failed',
      result: text,
      error: text,
    },
    { kind: 'webSearch', id: `${id}7`, query: text },
    { kind: 'plan', id: `${id}8`, text },
    { kind: 'imageView', id: `${id}9`, path: text },
    { kind: 'other', id: `${id}0`, type: text, raw: { text } },
  ];
  const turnId = 'turn';
  const common = { threadId: 't', turnId, itemId: null, reason: text };
  const requests: Request[] = [
    approval('1'),
    {
      ...common,
      kind: 'mcpTool',
      id: '2',
      sandboxed: 'unknown',
      server: text,
      tool: text,
      message: text,
      arguments: text,
    },
    { ...common, kind: 'elicitation', id: '3', server: text, message: text, url: text },
    {
      ...common,
      kind: 'question',
      id: '4',
      questions: [{ id: text, header: text, question: text, options: [], allowsOther: true, isSecret: false }],
    },
    { ...common, kind: 'fileChange', id: '5', sandboxed: 'no', grantRoot: text, changes: [] },
  ];
  const opened = requests.map((request): RunEventBody => ({ type: 'request.opened', request }));
  return viewOf(
    numbered([
      ...items.map((item): RunEventBody => ({ type: 'item.completed', turnId, item })),
      ...opened,
      {
        type: 'request.answered',
        requestId: '1',
        by: text,
        answer: { kind: 'decision', behavior: 'deny', message: text },
      },
      { type: 'request.answered', requestId: '3', by: text, answer: { kind: 'form', action: 'accept', content: text } },
      { type: 'request.answered', requestId: '4', by: text, answer: { kind: 'answers', answers: { [text]: [text] } } },
      { type: 'plan.updated', turnId, steps: [{ step: text, status: 'pending' }] },
      { type: 'turn.ended', turnId, status: 'failed', error: text },
      { type: 'notice', level: 'error', message: text, remedy: text },
      {
        type: 'run.ended',
        outcome: {
          status: 'failed',
          text,
          output: text,
          error: { code: 'turn-failed', message: text, remedy: text, stderr: text },
          durationMs: 1,
          usage: { total: 0, input: 0, cached: 0, output: 0, reasoning: 0 },
          turns: 1,
          workspace: {
            path: text,
            kind: 'worktree',
            branch: text,
            commit: text,
            changes: [{ path: text, change: 'added' }],
            isPartial: true,
          },
        },
      },
    ]),
  );
}
