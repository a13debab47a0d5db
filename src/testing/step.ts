/**
 * What a scripted model does, one step after another. A response of the model is a run of steps that ends with
 * a tool call (the model then waits for its output) or with the end of the script.
 */
export type Step =
  | SayStep
  | { readonly kind: 'think'; readonly text: string }
  | CallStep
  | { readonly kind: 'together'; readonly calls: readonly CallStep[] }
  | { readonly kind: 'pause'; readonly until: Promise<unknown> | number }
  | { readonly kind: 'usage'; readonly usage: ModelUsage }
  | { readonly kind: 'event'; readonly event: { readonly type: string; readonly [field: string]: unknown } }
  | { readonly kind: 'line'; readonly line: string }
  | EndingStep;

interface SayStep {
  readonly kind: 'say';
  readonly text: string;
  /** Characters in one delta. */
  readonly chunk: number;
  /** Milliseconds between deltas. */
  readonly everyMs?: number;
  /** What Codex calls the phase of a message: said on the way, or as the answer. */
  readonly phase?: 'commentary' | 'final_answer';
}

/** A tool call. `command` and `patch` are turned into whichever tool Codex offers for them. */
export type CallStep =
  | ({ readonly kind: 'command'; readonly command: string } & CommandOptions)
  | { readonly kind: 'patch'; readonly patch: string }
  | { readonly kind: 'tool'; readonly name: string; readonly namespace?: string; readonly input: unknown };

/** Steps after which nothing more comes in this response. */
type EndingStep =
  | { readonly kind: 'end' }
  | { readonly kind: 'hang' }
  | { readonly kind: 'cut' }
  | { readonly kind: 'httpError'; readonly status: number; readonly body: unknown; readonly headers: HeaderMap }
  | { readonly kind: 'fail'; readonly code: string; readonly message: string }
  | { readonly kind: 'incomplete'; readonly reason: string };

type HeaderMap = Readonly<Record<string, string>>;

export interface CommandOptions {
  /** Ask to run without the sandbox's write limits, with this justification. */
  readonly escalate?: string;
  /** How long Codex waits for the command before the model goes on without it, in milliseconds. */
  readonly yieldMs?: number;
  /** The directory to run in; the workspace otherwise. */
  readonly workdir?: string;
}

/** Tokens that the model reports for one response. */
export interface ModelUsage {
  readonly input: number;
  readonly cached: number;
  readonly output: number;
  readonly reasoning: number;
}

export interface SayOptions {
  /** Characters in one delta (24). */
  readonly chunk?: number;
  /** Milliseconds between deltas (0). */
  readonly everyMs?: number;
  /** What Codex calls the phase of a message: said on the way, or as the answer. */
  readonly phase?: 'commentary' | 'final_answer';
}

/** The model says something, in pieces. */
export function say(text: string, options: SayOptions = {}): Step {
  if (options.chunk !== undefined && !(options.chunk >= 1)) throw new RangeError('a chunk has at least one character');
  return { kind: 'say', text, chunk: 24, ...options };
}

/** The model shows a summary of its reasoning. */
export function think(text: string): Step {
  return { kind: 'think', text };
}

/** The model runs a shell command. */
export function shell(command: string, options: CommandOptions = {}): CallStep {
  return { kind: 'command', command, ...options };
}

/** The model asks to run a command without the sandbox's write limits. */
export function escalate(command: string, justification = 'This needs to write outside the workspace.'): CallStep {
  return { kind: 'command', command, escalate: justification };
}

/** The model applies a patch in Codex's own format, from `*** Begin Patch` to `*** End Patch`. */
export function patch(text: string): CallStep {
  return { kind: 'patch', patch: text };
}

/** The model adds a file by a patch. */
export function addFile(path: string, content: string): CallStep {
  const lines = content.replace(/\n$/, '').split('\n');
  return patch(`*** Begin Patch\n*** Add File: ${path}\n${lines.map((line) => `+${line}`).join('\n')}\n*** End Patch`);
}

/** The model calls any tool by name. Input is JSON for function tools, text for free-form ones. */
export function callTool(name: string, input: unknown, namespace?: string): CallStep {
  return { kind: 'tool', name, input, ...(namespace && { namespace }) };
}

/** The model publishes its plan. Needs `[tools.update_plan] enabled = true`, which managed runs have. */
export function plan(
  ...steps: readonly (readonly [step: string, status: 'pending' | 'in_progress' | 'completed'])[]
): CallStep {
  return callTool('update_plan', { plan: steps.map(([step, status]) => ({ step, status })) });
}

/** A question to people, and what they may choose from. */
export interface AskedQuestion {
  /** By what the answers name it. */
  readonly id: string;
  /** A word or two that stand above it. */
  readonly header: string;
  readonly question: string;
  readonly options: readonly { readonly label: string; readonly description: string }[];
}

/** The model asks people, all of these at once, and goes on with what they answer. */
export function ask(...questions: readonly AskedQuestion[]): CallStep {
  return callTool('request_user_input', { questions });
}

/** The model looks at an image file. */
export function viewImage(path: string): CallStep {
  return callTool('view_image', { path });
}

/** Several calls in one response. */
export function together(...calls: readonly CallStep[]): Step {
  return { kind: 'together', calls };
}

/** The response goes on once the promise settles, or after so many milliseconds. */
export function pause(until: Promise<unknown> | number): Step {
  return { kind: 'pause', until };
}

/** Tokens reported with this response; without it a small fixed number. */
export function usage(tokens: Partial<ModelUsage>): Step {
  return { kind: 'usage', usage: { input: 0, cached: 0, output: 0, reasoning: 0, ...tokens } };
}

/** Any server-sent event, as it is. */
export function event(type: string, fields: Readonly<Record<string, unknown>> = {}): Step {
  return { kind: 'event', event: { ...fields, type } };
}

/** One raw line into the stream of events, for what is not an event at all. */
export function line(text: string): Step {
  return { kind: 'line', line: text };
}

/** The response ends here, and with it the turn: what follows in the script answers the next message. */
export function endTurn(): Step {
  return { kind: 'end' };
}

/** Nothing more comes, and the connection stays open until the client or the server closes it. */
export function hang(): Step {
  return { kind: 'hang' };
}

/** The connection breaks off here. */
export function cut(): Step {
  return { kind: 'cut' };
}

/** The request is refused with an HTTP status. Only as the first step of a response. */
export function httpError(status: number, body: unknown = {}, headers: HeaderMap = {}): Step {
  return { kind: 'httpError', status, body, headers };
}

/** The response fails with one of the Responses API's codes, such as `context_length_exceeded`. */
export function fail(code: string, message = code): Step {
  return { kind: 'fail', code, message };
}

/** The response ends before it is complete, for example with `max_output_tokens`. */
export function incomplete(reason: string): Step {
  return { kind: 'incomplete', reason };
}

/** Cuts a flat script into responses: each ends with its tool call, its failure, or the end of the script. */
export function splitIntoResponses(steps: readonly Step[]): readonly (readonly Step[])[] {
  const responses: Step[][] = [];
  let current: Step[] = [];
  for (const step of steps) {
    current.push(step);
    if (ENDS_A_RESPONSE.has(step.kind)) {
      responses.push(current);
      current = [];
    }
  }
  if (current.length > 0) responses.push(current);
  return responses;
}

const ENDS_A_RESPONSE: ReadonlySet<Step['kind']> = new Set<Step['kind']>([
  'command',
  'patch',
  'tool',
  'together',
  'end',
  'hang',
  'cut',
  'httpError',
  'fail',
  'incomplete',
]);
