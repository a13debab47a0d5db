import { describeLogin } from './login-words.ts';
import { requestToMarkdown } from './markdown-request.ts';
import { code, fenced, inline, json, quoted, span } from './markdown-text.ts';
import { turnToMarkdown } from './markdown-turn.ts';
import type { RunOutcome } from './outcome.ts';
import type { RunDetails } from './run-summary.ts';
import type { RunView, SessionView } from './view.ts';

/**
 * A run as a document for people, in Markdown, piece by piece. What came from outside stands in it as code or as a quotation,
 * and cannot pass for what is ours.
 */
export function* toMarkdown(run: RunDetails, view: RunView): Generator<string> {
  for (const block of blocksOf(run, view)) yield `${block}\n\n`;
}

function* blocksOf(run: RunDetails, view: RunView): Generator<string> {
  yield `# ${inline(run.name)}`;
  yield factsOf(run, view).join('\n');
  if (run.params !== null && run.params !== undefined) yield `What it was given:\n\n${json(run.params)}`;
  let number = 0;
  for (const id of view.turnOrder) {
    const turn = view.turns[id];
    if (turn) yield* turnToMarkdown(view, turn, ++number);
  }
  yield* messagesOutside(view);
  yield* messagesQueued(view);
  yield* requestsOutside(view);
  if (view.plan.length > 0) {
    const steps = view.plan.map(({ step, status }) => `- ${STEPS[status]}: ${inline(step)}`);
    yield `## Plan\n\n${steps.join('\n')}`;
  }
  if (view.notices.length > 0) {
    const notices = view.notices.map(({ level, message, remedy }) =>
      `- ${level}: ${inline(message)} ${inline(remedy ?? '')}`.trimEnd(),
    );
    yield `## Notices\n\n${notices.join('\n')}`;
  }
  yield* endOf(run);
}

/** In words: a quotation can say of what stands in brackets where that leads. */
const STEPS = { pending: 'to do', inProgress: 'now', completed: 'done' } as const;

function factsOf(run: RunDetails, view: RunView): string[] {
  const { session, controls } = view;
  const usage = run.outcome?.usage ?? view.usage;
  const facts: [string, string | null | undefined][] = [
    ['Run', code(run.id)],
    ['State', run.state],
    ['Task', code(run.taskId)],
    [
      'Model',
      controls && `${code(controls.model)}${controls.effort === null ? '' : `, effort ${code(controls.effort)}`}`,
    ],
    ['Launched', run.createdAt],
    ['Begun', run.startedAt],
    ['Ended', run.endedAt],
    ['Took', run.outcome && span(run.outcome.durationMs)],
    ['Attempt', run.attempt > 1 ? `${run.attempt}` : null],
    ['Repeats', run.retryOf && code(run.retryOf)],
    ['Tokens', `${usage.total} (input ${usage.input}, of them cached ${usage.cached}; output ${usage.output})`],
    ['Workspace', session && `${code(session.workspace.path)} (${session.workspace.kind})`],
    ['Sandbox', session && sandboxOf(session)],
    ['Login', session && inline(describeLogin(session))],
    ['Codex', session && code(session.codexVersion)],
    [
      'Tags',
      Object.entries(run.metadata)
        .map(([key, value]) => code(`${key}=${value}`))
        .join(', ') || null,
    ],
  ];
  return facts.flatMap(([name, value]) => (value ? [`- **${name}:** ${value}`] : []));
}

function sandboxOf({ sandbox: { mode, isolation, network } }: SessionView): string {
  const reach = Array.isArray(network) ? network.map(code).join(', ') : network ? 'all' : 'none';
  return `${mode}, ${isolation} isolation, network: ${reach}`;
}

/** Messages that are in no turn: Codex has refused them, or has not taken them yet. */
function* messagesOutside(view: RunView): Generator<string> {
  const messages = Object.values(view.messages).filter(({ state }) => state !== 'taken');
  if (messages.length === 0) return;
  yield '## Messages that Codex has not taken';
  for (const { text, state } of messages) yield `**Message** (${state})\n\n${quoted(text)}`;
}

/** Messages that wait to be sent, or have waited when the run ended. */
function* messagesQueued({ queue, outcome }: RunView): Generator<string> {
  if (queue.length === 0) return;
  yield outcome === null ? '## Messages that wait to be sent' : '## Messages that were never sent';
  for (const { text, images } of queue) {
    const pictures = images.length > 0 ? `, with ${images.map(code).join(', ')}` : '';
    yield `**Message**${pictures}\n\n${quoted(text)}`;
  }
}

function* requestsOutside(view: RunView): Generator<string> {
  const isInTurn = (id: string | null) => id !== null && Object.hasOwn(view.turns, id);
  const requests = Object.values(view.requests).filter(({ request }) => !isInTurn(request.turnId));
  if (requests.length === 0) return;
  yield '## Requests outside of turns';
  for (const request of requests) yield requestToMarkdown(request);
}

function* endOf({ outcome, state, cancelReason }: RunDetails): Generator<string> {
  yield '## End';
  if (!outcome) {
    yield `It has not ended: it is ${state}.`;
    return;
  }
  const turns = outcome.turns === 1 ? '1 turn' : `${outcome.turns} turns`;
  yield `It is ${outcome.status}, after ${turns} and ${span(outcome.durationMs)}.`;
  if (cancelReason !== null) yield `It was told to stop:\n\n${quoted(cancelReason)}`;
  if (outcome.error) {
    const { code: name, message, remedy, stderr } = outcome.error;
    yield `**Error** ${code(name)}\n\n${fenced(message)}`;
    if (remedy) yield `What to do: ${inline(remedy)}`;
    if (stderr) yield `The last that the process said:\n\n${fenced(stderr)}`;
  }
  if (outcome.output !== undefined) yield `The answer as data:\n\n${json(outcome.output)}`;
  yield* workOf(outcome);
}

function* workOf({ workspace }: RunOutcome): Generator<string> {
  if (!workspace) return;
  const { changes, isPartial, branch, commit } = workspace;
  if (branch !== undefined)
    yield `The work is on the branch ${code(branch)}${commit === undefined ? '' : `, commit ${code(commit)}`}.`;
  const lines = changes.map(({ path, change }) => `- ${change}: ${code(path)}`);
  if (lines.length > 0) yield `Files in the workspace:\n\n${lines.join('\n')}`;
  if (isPartial) yield 'There were more files than are compared, so that others may have changed too.';
}
