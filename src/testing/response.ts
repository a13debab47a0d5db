import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { ModelRequest } from './request.ts';
import type { CallStep, ModelUsage, Step } from './step.ts';

const SMALL_USAGE: ModelUsage = { input: 120, cached: 40, output: 30, reasoning: 10 };

/** Plays the steps of one response to Codex, as the Responses API streams them. */
export async function playResponse(steps: readonly Step[], request: ModelRequest, http: ServerResponse): Promise<void> {
  const stream = new EventStream(http, `resp_${request.number}`);
  const state = { usage: SMALL_USAGE, items: 0 };
  const nextId = () => `${request.number}_${state.items++}`;

  for (const step of steps) {
    if (http.destroyed) return;
    switch (step.kind) {
      case 'say':
        await sayText(stream, `msg_${nextId()}`, step);
        break;
      case 'think':
        await showReasoning(stream, `rs_${nextId()}`, step.text);
        break;
      case 'command':
      case 'patch':
      case 'tool':
        await stream.send(callEvent(step, request, nextId()));
        break;
      case 'together':
        for (const call of step.calls) await stream.send(callEvent(call, request, nextId()));
        break;
      case 'pause':
        await stream.open();
        await (typeof step.until === 'number' ? delay(step.until, undefined, { ref: false }) : step.until);
        break;
      case 'usage':
        state.usage = step.usage;
        break;
      case 'event':
        await stream.send(step.event);
        break;
      case 'line':
        await stream.write(`${step.line}\n\n`);
        break;
      case 'end':
        break; // the last step of its response
      case 'hang':
        await stream.open();
        return;
      case 'cut':
        await stream.open();
        http.socket?.destroySoon(); // what was said before still goes out
        return;
      case 'httpError':
        http.writeHead(step.status, { 'content-type': 'application/json', ...step.headers });
        http.end(typeof step.body === 'string' ? step.body : JSON.stringify(step.body));
        return;
      case 'fail':
        await stream.send(failedEvent(stream.id, step.code, step.message));
        http.end();
        return;
      case 'incomplete':
        await stream.send({
          type: 'response.incomplete',
          response: { id: stream.id, incomplete_details: { reason: step.reason } },
        });
        http.end();
        return;
    }
  }
  await stream.send({ type: 'response.completed', response: { id: stream.id, usage: wireUsage(state.usage) } });
  http.end();
}

interface StreamEvent {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** Server-sent events with back-pressure, opened by the first thing that is sent. */
class EventStream {
  readonly id: string;
  readonly #http: ServerResponse;

  constructor(http: ServerResponse, id: string) {
    this.#http = http;
    this.id = id;
  }

  async open(): Promise<void> {
    if (this.#http.headersSent) return;
    this.#http.writeHead(200, { 'content-type': 'text/event-stream' });
    await this.send({ type: 'response.created', response: { id: this.id } });
  }

  async send(event: StreamEvent): Promise<void> {
    if (!this.#http.headersSent) await this.open();
    await this.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  }

  async write(text: string): Promise<void> {
    if (!this.#http.headersSent) await this.open();
    if (this.#http.destroyed || this.#http.write(text)) return;
    const over = new AbortController();
    const { signal } = over;
    await Promise.race([once(this.#http, 'drain', { signal }), once(this.#http, 'close', { signal })]);
    over.abort(); // the one that did not come would listen for ever
  }
}

async function sayText(stream: EventStream, id: string, step: Extract<Step, { kind: 'say' }>): Promise<void> {
  const item = { type: 'message', role: 'assistant', id, ...(step.phase && { phase: step.phase }) };
  await stream.send({ type: 'response.output_item.added', output_index: 0, item: { ...item, content: [] } });
  let isFirst = true;
  for (const delta of piecesOf(step.text, step.chunk)) {
    if (!isFirst && step.everyMs) await delay(step.everyMs);
    isFirst = false;
    await stream.send({
      type: 'response.output_text.delta',
      item_id: id,
      output_index: 0,
      content_index: 0,
      delta,
    });
  }
  const content = [{ type: 'output_text', text: step.text, annotations: [] }];
  await stream.send({ type: 'response.output_item.done', output_index: 0, item: { ...item, content } });
}

/** Pieces of a text; a character of two code units goes whole, since half of one is no JSON that Codex reads. */
function* piecesOf(text: string, size: number): Generator<string> {
  for (let at = 0; at < text.length; ) {
    const last = text.charCodeAt(at + size - 1);
    const end = at + size + (last >= 0xd800 && last < 0xdc00 ? 1 : 0);
    yield text.slice(at, end);
    at = end;
  }
}

async function showReasoning(stream: EventStream, id: string, text: string): Promise<void> {
  const item = { type: 'reasoning', id, summary: [] as unknown[] };
  const at = { item_id: id, output_index: 0, summary_index: 0 };
  await stream.send({ type: 'response.output_item.added', output_index: 0, item });
  await stream.send({ type: 'response.reasoning_summary_part.added', ...at });
  await stream.send({ type: 'response.reasoning_summary_text.delta', ...at, delta: text });
  const summary = [{ type: 'summary_text', text }];
  await stream.send({ type: 'response.output_item.done', output_index: 0, item: { ...item, summary } });
}

function callEvent(call: CallStep, request: ModelRequest, id: string): StreamEvent {
  return { type: 'response.output_item.done', item: callItem(call, request, id) };
}

/** Codex offers other tools to other models: a patch goes through a shell where there is no tool for it. */
function callItem(call: CallStep, request: ModelRequest, id: string): unknown {
  const call_id = `call_${id}`;
  if (call.kind === 'command') return functionCall(call_id, 'exec_command', commandInput(call));
  if (call.kind === 'patch') {
    if (request.tools.includes('apply_patch')) return customCall(call_id, 'apply_patch', call.patch);
    return functionCall(call_id, 'exec_command', { cmd: `apply_patch <<'PATCH'\n${call.patch}\nPATCH` });
  }
  if (typeof call.input === 'string') return customCall(call_id, call.name, call.input);
  return { ...functionCall(call_id, call.name, call.input), ...(call.namespace && { namespace: call.namespace }) };
}

function commandInput(call: Extract<CallStep, { kind: 'command' }>): unknown {
  return {
    cmd: call.command,
    ...(call.workdir && { workdir: call.workdir }),
    ...(call.yieldMs && { yield_time_ms: call.yieldMs }),
    ...(call.escalate && { sandbox_permissions: 'require_escalated', justification: call.escalate }),
  };
}

function functionCall(call_id: string, name: string, input: unknown): object {
  return { type: 'function_call', id: `fc_${call_id}`, call_id, name, arguments: JSON.stringify(input) };
}

function customCall(call_id: string, name: string, input: string): object {
  return { type: 'custom_tool_call', id: `ctc_${call_id}`, call_id, name, input, status: 'completed' };
}

function failedEvent(id: string, code: string, message: string): StreamEvent {
  return { type: 'response.failed', response: { id, status: 'failed', error: { code, message } } };
}

function wireUsage(usage: ModelUsage): object {
  return {
    input_tokens: usage.input,
    input_tokens_details: { cached_tokens: usage.cached },
    output_tokens: usage.output,
    output_tokens_details: { reasoning_tokens: usage.reasoning },
    total_tokens: usage.input + usage.output,
  };
}
