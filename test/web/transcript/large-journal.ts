import type { DeltaPart, RunEventBody } from '../../../src/contract/event.ts';
import type { Item } from '../../../src/contract/item.ts';
import { NO_USAGE } from '../../../src/contract/usage.ts';

/** What a run with so many items has told, of all kinds and lengths that there are, ten to a turn; it has ended. */
export function largeJournal(items: number): RunEventBody[] {
  const events: RunEventBody[] = [
    { type: 'run.state', state: 'running' },
    {
      type: 'session.started',
      threadId: 'thread',
      isResumed: false,
      codexVersion: '0.169.0',
      model: 'scripted',
      login: 'none',
      workspace: { path: '/workspace', kind: 'fresh' },
      sandbox: {
        mode: 'workspace-write',
        isolation: 'standard',
        network: false,
        profile: 'locked',
        approvalPolicy: 'never',
      },
    },
  ];
  for (let at = 0; at < items; at++) {
    const turnId = `turn-${Math.floor(at / 10)}`;
    if (at % 10 === 0) events.push({ type: 'turn.started', turnId });
    const item = itemOf(at);
    events.push({ type: 'item.started', turnId, item: begunOf(item) });
    events.push(...piecesOf(item).map((piece) => ({ type: 'item.delta', turnId, itemId: item.id, ...piece }) as const));
    events.push({ type: 'item.completed', turnId, item });
    if (at % 10 === 9 || at === items - 1)
      events.push({ type: 'turn.ended', turnId, status: 'completed', durationMs: 9_000 });
  }
  const turns = Math.ceil(items / 10);
  events.push({ type: 'session.ended' });
  events.push({
    type: 'run.ended',
    outcome: { status: 'done', text: '', usage: NO_USAGE, turns, threadId: 'thread', durationMs: turns * 9_000 },
  });
  return events;
}

/** How Codex tells that it begins: without what comes piece by piece. */
function begunOf(item: Item): Item {
  switch (item.kind) {
    case 'agentMessage':
      return { ...item, text: '' };
    case 'reasoning':
      return { ...item, summary: [] };
    case 'command': {
      const { exitCode: _code, durationMs: _ms, ...begun } = item;
      return { ...begun, status: 'running', output: '' };
    }
    case 'toolCall': {
      const { result: _result, ...begun } = item;
      return { ...begun, status: 'running' };
    }
    case 'fileChange':
      return { ...item, status: 'running' };
    default:
      return item;
  }
}

function piecesOf(item: Item): { readonly part: DeltaPart; readonly delta: string }[] {
  const [part, text] =
    item.kind === 'agentMessage'
      ? (['text', item.text] as const)
      : item.kind === 'command'
        ? (['output', item.output] as const)
        : (['summary', item.kind === 'reasoning' ? (item.summary[0] ?? '') : ''] as const);
  const half = Math.ceil(text.length / 2);
  return [text.slice(0, half), text.slice(half)].filter((delta) => delta !== '').map((delta) => ({ part, delta }));
}

function itemOf(at: number): Item {
  const id = `item-${at}`;
  switch (at % 10) {
    case 0:
      return { kind: 'userMessage', id, text: `Message ${at}: please go on with the next file.`, images: [] };
    case 1:
      return { kind: 'reasoning', id, summary: [`**Thought ${at}**\n\nI look at the next file first.`], content: [] };
    case 4:
      return {
        kind: 'fileChange',
        id,
        status: 'completed',
        changes: [{ path: `/workspace/src/file-${at}.ts`, kind: 'update', diff: DIFF }],
      };
    case 6:
      return {
        kind: 'toolCall',
        id,
        server: 'docs',
        tool: 'search',
        arguments: { query: `number ${at}` },
        status: 'completed',
        result: { content: [{ type: 'text', text: 'Three pages.' }] },
      };
    case 9:
      return {
        kind: 'agentMessage',
        id,
        text: `Answer ${at}.\n\n${'A **sentence** with `code` in it. '.repeat(1 + (at % 7))}\n\n- one\n- two\n\n\`\`\`ts\nconst n = ${at};\n\`\`\`\n`,
      };
    case 2:
    case 7:
      return { kind: 'agentMessage', id, text: `On the way (${at}): now the next thing.` };
    default:
      return {
        kind: 'command',
        id,
        command: `npm test -- file-${at}`,
        cwd: '/workspace',
        status: at % 50 === 3 ? 'failed' : 'completed',
        output: `\x1b[32m✓\x1b[0m test number ${at}\n`.repeat(1 + ((at * 7) % 60)),
        exitCode: at % 50 === 3 ? 1 : 0,
        durationMs: at % 3_000,
      };
  }
}

const DIFF =
  '@@ -1,4 +1,4 @@\n import a from "a";\n-const before = 1;\n+const after = 2;\n export { a };\n // the end\n';
