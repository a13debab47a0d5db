// A bot that answers what Codex asks: by rule where a rule says so, and else by asking a person at the terminal.
// `node examples/approvals.ts "Fetch the newest commits and say what they change"`.
import { createInterface } from 'node:readline/promises';
import { type Answer, type ApprovalRule, createCodexTask, type OpenedRequest, Optio, type Request } from 'optio-codex';
import { model } from './model.ts';

/** The first that matches decides. They come from here, and never from the repository. */
const rules: ApprovalRule[] = [
  {
    name: 'nothing leaves',
    behavior: 'deny',
    matches: { kind: 'command', prefixes: [['git', 'push']] },
  },
  {
    name: 'fetching is fine',
    behavior: 'allow',
    // Exactly that: with more arguments git executes what they say.
    matches: { kind: 'command', prefixes: [['git', 'fetch', 'origin']], exactly: true },
    sandboxed: 'any', // once allowed it runs outside of the sandbox: without that it would not reach the network
  },
];

const terminal = createInterface({ input: process.stdin });
const lines = terminal[Symbol.asyncIterator]();
let asking = Promise.resolve();

const task = createCodexTask({
  id: 'assistant',
  name: 'Assistant',
  config: {
    instructions: process.argv.slice(2).join(' ') || 'Fetch the newest commits and say what they change',
    autoStart: true,
    endRule: 'firstTurn',
    workspace: { directory: process.cwd() },
    permissionGate: true,
    ...model,
  },
  rules,
  requests: { expireAfterMs: 10 * 60_000, onExpiry: 'decline' },
  onRequest: (opened) => {
    asking = asking.then(() => askPerson(opened)); // one after the other
  },
});

await using optio = await Optio.open();
await optio.define(task);
const run = await optio.launch(task.id);
for await (const event of run.events()) {
  if (event.type === 'request.answered') {
    const decision = event.answer.kind === 'decision' ? event.answer.behavior : event.answer.kind;
    console.log(`${decision}, by ${event.by}`);
  }
  if (event.type === 'item.completed' && event.item.kind === 'agentMessage') console.log(event.item.text);
}
const { status, error } = await run.outcome;
console.log(status, error?.message ?? '');
process.exitCode = status === 'done' ? 0 : 1;
terminal.close();

/** No rule has answered it. */
async function askPerson({ runId, request }: OpenedRequest): Promise<void> {
  const answer = await answerTo(request);
  const asked = await optio.find(runId);
  // Meanwhile it may have expired, or its turn may have ended.
  await asked
    .answer(request.id, answer, { by: 'somebody at the terminal' })
    .catch((error) => console.log(error.message));
}

async function answerTo(request: Request): Promise<Answer> {
  switch (request.kind) {
    case 'question': {
      const answers: Record<string, string[]> = {};
      for (const { id, question } of request.questions) answers[id] = [await line(`${question} `)];
      return { kind: 'answers', answers };
    }
    case 'elicitation':
      return { kind: 'form', action: 'decline' };
    default: {
      const what = request.kind === 'command' ? request.command : request.kind;
      const isYes = /^y/i.test(await line(`allow "${what}"? (in the sandbox: ${request.sandboxed}) [y/N] `));
      return { kind: 'decision', behavior: isYes ? 'allow' : 'deny' };
    }
  }
}

/** A line from the terminal; empty when nobody is there. */
async function line(question: string): Promise<string> {
  process.stdout.write(question);
  const { value = '' } = await lines.next();
  return value;
}
